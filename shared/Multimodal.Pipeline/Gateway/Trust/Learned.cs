namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>What became of a feedback.</summary>
/// <param name="OnRecord">The label on record, an earlier one when there was one; null when the request is not there any more.</param>
/// <param name="IsFirst">Whether it was stored now.</param>
/// <param name="Now">What is known now.</param>
internal sealed record Learned(string? OnRecord, bool IsFirst, StoredTrust Now)
{
    /// <summary>Whether it was learned from now.</summary>
    public bool HasTaught { get; init; }
}
