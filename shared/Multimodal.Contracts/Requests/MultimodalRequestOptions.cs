using Multimodal.Contracts.Values;

namespace Multimodal.Contracts.Requests;

/// <summary>What a client may decide for its own request. Null leaves the choice to the ensemble's defaults.</summary>
public sealed record MultimodalRequestOptions
{
    /// <summary>The ensemble to ask.</summary>
    public string? Ensemble { get; init; }

    /// <summary>The version of the gate that plans the request, whatever share of requests it has.</summary>
    public string? GateVersion { get; init; }

    /// <summary>The selection strategy, for example <c>top-k</c>.</summary>
    public string? Strategy { get; init; }

    /// <summary>The largest number of experts to ask, at least 1.</summary>
    public int? K { get; init; }

    /// <summary>The gain in the chance of being right, in [0, 1], that another opinion must promise before the combiner asks for it.</summary>
    public double? Price { get; init; }

    /// <summary>The most that all experts asked may cost together, in the unit of their packages; the strategy <c>budget</c> asks the best set within it.</summary>
    public double? Budget { get; init; }

    /// <summary>The only experts that may be asked.</summary>
    public IReadOnlyList<string>? Experts { get; init; }

    /// <summary>The fusion rule, for example <c>learned</c>.</summary>
    public string? Fusion { get; init; }

    /// <summary>Milliseconds from acceptance until the answer is due.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>Whether the request may wait behind others; normal by default.</summary>
    public Priority Priority { get; init; }

    /// <summary>The subscription that gets the result: ASCII letters, digits, <c>-</c> and <c>_</c>; <c>default</c> if null.</summary>
    public string? Subscription { get; init; }
}
