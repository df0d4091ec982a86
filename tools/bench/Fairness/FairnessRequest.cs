namespace Multimodal.Bench.Fairness;

/// <summary>One request with all its attempts.</summary>
/// <param name="Kind">How its client behaves.</param>
/// <param name="FirstAt">When it was posted first, since the start of the load.</param>
/// <param name="LastAt">When the accepted attempt was posted, or when the load ended.</param>
/// <param name="Attempts">Its attempts.</param>
/// <param name="IsAccepted">Whether it was accepted before the load ended.</param>
/// <param name="IsInTime">Whether it was answered with a label by its deadline.</param>
internal sealed record FairnessRequest(FairnessKind Kind, TimeSpan FirstAt, TimeSpan LastAt, int Attempts, bool IsAccepted, bool IsInTime)
{
    /// <summary>Seconds from the first to the last attempt.</summary>
    public double Wait => (LastAt - FirstAt).TotalSeconds;
}
