namespace Multimodal.Pipeline.Gateway.Trust;

/// <summary>Outcome of one feedback.</summary>
/// <param name="RecordedLabel">The recorded label, an earlier one if it exists; null if the request no longer exists.</param>
/// <param name="IsFirst">Whether this call stored the label.</param>
/// <param name="Stored">The trust state after the feedback.</param>
internal sealed record TrustUpdate(string? RecordedLabel, bool IsFirst, StoredTrust Stored)
{
    /// <summary>Whether this call changed the trust state.</summary>
    public bool IsLearned { get; init; }
}
