namespace Multimodal.Bench.Fairness;

/// <summary>How a client behaves when it is refused.</summary>
internal enum FairnessKind
{
    /// <summary>Sends an Idempotency-Key and honours Retry-After.</summary>
    Polite,

    /// <summary>Honours Retry-After and sends no Idempotency-Key.</summary>
    WithoutKey,

    /// <summary>Sends an Idempotency-Key and retries at once.</summary>
    Rude,
}
