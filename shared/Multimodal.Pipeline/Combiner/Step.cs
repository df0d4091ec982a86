using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Combiner;

/// <summary>What to do next with a request.</summary>
internal abstract record Step
{
    private Step()
    {
    }

    /// <summary>Ask these experts.</summary>
    public sealed record Ask(IReadOnlyList<PlannedExpert> Experts) : Step;

    /// <summary>Wait for a reply, at most until then.</summary>
    public sealed record Wait(DateTimeOffset Until) : Step;

    /// <summary>Answer from what has come.</summary>
    public sealed record Answer : Step;
}
