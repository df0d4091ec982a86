namespace Multimodal.Pipeline.Gateway.Admission;

/// <summary>
/// The order in which expected requests get slots. Clients take turns: each client's next request is served when all clients before it were served as
/// often. Not thread-safe.
/// </summary>
internal sealed class WaitingLine
{
    private readonly Dictionary<PlaceKey, WaitingClient> _clients = [];

    /// <summary>Requests in the line.</summary>
    public int Count { get; private set; }

    /// <summary>Counts a place of a client, in the line or not.</summary>
    public void Join(Place place)
    {
        if (!_clients.TryGetValue(place.Identity.Client, out var client))
        {
            _clients.Add(place.Identity.Client, client = new WaitingClient(place.Since));
        }

        client.Count++;
    }

    /// <summary>Ends what <see cref="Join"/> counted.</summary>
    public void Leave(Place place)
    {
        var client = _clients[place.Identity.Client];
        client.Count--;
        if (client.Count == 0)
        {
            _clients.Remove(place.Identity.Client);
        }
    }

    /// <summary>Puts a counted place into the line.</summary>
    public void Add(Place place)
    {
        _clients[place.Identity.Client].Add(place);
        Count++;
    }

    /// <summary>Takes a place out of the line.</summary>
    public void Remove(Place place)
    {
        _clients[place.Identity.Client].Line.Remove(place);
        Count--;
    }

    /// <summary>Moves a client behind the others, because a request of it got a slot.</summary>
    public void Serve(PlaceKey client, TimeSpan now) => _clients[client].Turn = now;

    /// <summary>Sorts places by their turns.</summary>
    public (int Index, TimeSpan Turn) Order(Place place)
    {
        var client = _clients[place.Identity.Client];
        return (client.Line.IndexOf(place), client.Turn);
    }

    /// <summary>The places in the line that are served before this one.</summary>
    public int Ahead(Place place)
    {
        var own = _clients[place.Identity.Client];
        var index = own.Line.IndexOf(place);
        var ahead = 0;
        foreach (var client in _clients.Values)
        {
            ahead += Math.Min(client.Line.Count, index) + (client.Line.Count > index && client.Turn < own.Turn ? 1 : 0);
        }

        return ahead;
    }

    /// <summary>Those of <see cref="Ahead"/> that were told to return in an interval, and may do so at any moment, at most a number.</summary>
    public int DueAhead(Place place, TimeSpan from, TimeSpan to, int max)
    {
        var own = _clients[place.Identity.Client];
        var index = own.Line.IndexOf(place);
        var due = 0;
        foreach (var client in _clients.Values)
        {
            var count = Math.Min(client.Line.Count, client.Turn < own.Turn ? index + 1 : index);
            for (var other = 0; other < count && due < max; other++)
            {
                due += client.Line[other].IsPromised && client.Line[other].ReturnAt >= from && client.Line[other].ReturnAt <= to ? 1 : 0;
            }
        }

        return due;
    }

    /// <summary>The client with the most places, if it would have more than another one after that one got a place.</summary>
    public (PlaceKey Key, WaitingClient Client)? LargerThan(PlaceKey other)
    {
        if (_clients.Count == 0)
        {
            return null;
        }

        var (key, largest) = _clients.MaxBy(client => client.Value.Count);
        return largest.Count > (_clients.GetValueOrDefault(other)?.Count ?? 0) + 1 ? (key, largest) : null;
    }
}
