using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;

namespace Multimodal.Pipeline.Gateway;

/// <summary>What a client sent, in form but not yet in content: the bytes of each part are unchecked.</summary>
/// <param name="Parts">At most one part per modality, at least one.</param>
/// <param name="Options">What the client decided; names are not resolved yet.</param>
internal sealed record Submission(IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> Parts, MultimodalRequestOptions Options);

/// <summary>Either a value or the refusal to give back.</summary>
internal readonly struct Outcome<T>
    where T : class
{
    private Outcome(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    /// <summary>The value; null after a refusal.</summary>
    public T? Value { get; }

    /// <summary>The refusal; null when there is a value.</summary>
    public Problem? Problem { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(null, problem);
}
