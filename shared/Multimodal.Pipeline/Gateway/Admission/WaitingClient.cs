namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>The places of one client in a <see cref="WaitingList"/>.</summary>
/// <param name="turn">When the client was served last, or when its first request was refused. The client with the earliest turn is the next.</param>
internal sealed class WaitingClient(TimeSpan turn)
{
    /// <summary>When the client was served last, or when its first request was refused.</summary>
    public TimeSpan Turn { get; set; } = turn;

    /// <summary>The places in every state.</summary>
    public int Count { get; set; }

    /// <summary>The expected places, oldest first.</summary>
    public List<Place> Line { get; } = [];

    /// <summary>Puts a place into the line.</summary>
    public void Add(Place place)
    {
        if (Line.Count == 0 && Turn < place.Since)
        {
            // A client without waiting requests earns no earlier turn.
            Turn = place.Since;
        }

        var index = Line.Count;
        while (index > 0 && Line[index - 1].Since > place.Since)
        {
            index--;
        }

        Line.Insert(index, place);
    }
}
