using Multimodal.Contracts.Values;

namespace Multimodal.Contracts.Events;

/// <summary>A request has its answer. Published once per request from a reader's view: a repeat carries the same message id.</summary>
public sealed record AnswerCombined
{
    /// <summary>Whose request it was.</summary>
    public required string Tenant { get; init; }

    /// <summary>The subscription named by the client.</summary>
    public required string Subscription { get; init; }

    /// <summary>The answer.</summary>
    public required FusedAnswer Answer { get; init; }

    /// <summary>The calibrated opinions it rests on, by expert; later feedback learns from them.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Opinions { get; init; }

    /// <summary>What experts in shadow said in time; it did not count.</summary>
    public IReadOnlyList<ShadowOpinion> Shadows { get; init; } = [];

    /// <summary>The gateway process that accepted the request.</summary>
    public Guid Gateway { get; init; }

    /// <summary>Whether the request has payloads in the blob store, to be removed with the answer.</summary>
    public bool HasBlobs { get; init; } = true;

    /// <summary>Where the client wants the answer too; null when it asked by HTTP or did not say.</summary>
    public ReplyAddress? ReplyTo { get; init; }
}
