using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway;

/// <summary>What a client may decide for its own request; null where it left the choice to the ensemble.</summary>
internal sealed record RequestOptions
{
    /// <summary>Nothing decided.</summary>
    public static RequestOptions None { get; } = new();

    /// <summary>The ensemble to ask.</summary>
    public string? Ensemble { get; init; }

    /// <summary>The version of the gate that decides, whatever its share; for trying one out.</summary>
    public string? GateVersion { get; init; }

    /// <summary>The selection strategy.</summary>
    public string? Strategy { get; init; }

    /// <summary>The most experts to ask, at least 1.</summary>
    public int? K { get; init; }

    /// <summary>What another opinion must promise, in [0, 1], for a strategy that asks in waves.</summary>
    public double? Price { get; init; }

    /// <summary>What the experts asked may cost together, in the unit of their packages; the best set within it is asked (strategy <c>budget</c>).</summary>
    public double? Budget { get; init; }

    /// <summary>The only experts that may be asked.</summary>
    public IReadOnlyList<string>? Experts { get; init; }

    /// <summary>The fusion rule.</summary>
    public string? Fusion { get; init; }

    /// <summary>Milliseconds until the answer is due.</summary>
    public int? DeadlineMs { get; init; }

    /// <summary>Whether it may wait behind others.</summary>
    public Priority Priority { get; init; }

    /// <summary>The name under which the client subscribes to results.</summary>
    public string? Subscription { get; init; }
}
