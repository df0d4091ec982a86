namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>Either a value or a refusal.</summary>
internal readonly struct Outcome<T>
    where T : class
{
    private Outcome(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    /// <summary>The value; null after a refusal.</summary>
    public T? Value { get; }

    /// <summary>The refusal; null if there is a value.</summary>
    public Problem? Problem { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(null, problem);
}
