namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>The row of an accepted request, and whether it was stored.</summary>
internal sealed class RequestRow : BulkRow
{
    public required string Ensemble { get; init; }

    public required string? IdempotencyKey { get; init; }

    public required string Fingerprint { get; init; }

    public required string Fuse { get; init; }

    public required long AcceptedAt { get; init; }

    public required long Budget { get; init; }

    public required long Deadline { get; init; }

    /// <summary>False if the request or the idempotency key was stored before.</summary>
    public bool IsStored { get; set; }
}
