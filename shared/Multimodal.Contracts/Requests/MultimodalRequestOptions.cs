using Multimodal.Contracts.Values;

namespace Multimodal.Contracts.Requests;

/// <summary>The options of one request. A null property uses the ensemble's default.</summary>
public sealed record MultimodalRequestOptions
{
    /// <summary>The ensemble to ask.</summary>
    public string? Ensemble { get; init; }

    /// <summary>The version of the gate that plans the request; overrides the choice by traffic share.</summary>
    public string? GateVersion { get; init; }

    /// <summary>The selection strategy, for example <c>top-k</c>.</summary>
    public string? Strategy { get; init; }

    /// <summary>The maximum number of experts to ask, at least 1.</summary>
    public int? K { get; init; }

    /// <summary>The minimum expected gain in accuracy, in [0, 1], for which the combiner asks one more expert.</summary>
    public double? Price { get; init; }

    /// <summary>The maximum total cost of the experts asked, in the unit of their packages; used by the strategy <c>budget</c>.</summary>
    public double? Budget { get; init; }

    /// <summary>The only experts that may be asked.</summary>
    public IReadOnlyList<string>? Experts { get; init; }

    /// <summary>The fusion rule, for example <c>learned</c>.</summary>
    public string? Fusion { get; init; }

    /// <summary>Milliseconds from acceptance to the deadline of the answer.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>The priority; normal by default.</summary>
    public Priority Priority { get; init; }

    /// <summary>The subscription that gets the result: ASCII letters, digits, <c>-</c> and <c>_</c>; <c>default</c> if null.</summary>
    public string? Subscription { get; init; }
}
