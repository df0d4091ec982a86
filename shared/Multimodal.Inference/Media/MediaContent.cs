using System.Collections.Concurrent;

namespace Multimodal.Inference.Media;

/// <summary>
/// A part of a request: its bytes, and what was computed from them. The gate's features and all experts of a process that see the same part share
/// the results, so each is computed once. They are freed with this object. Thread-safe.
/// </summary>
/// <param name="bytes">The bytes as the client sent them. They must not change.</param>
public sealed class MediaContent(ReadOnlyMemory<byte> bytes)
{
    private readonly ConcurrentDictionary<object, Lazy<object?>> _computed = new();

    /// <summary>The bytes as the client sent them.</summary>
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>Returns a result that was computed before, or computes it. Other threads that need the same result wait for it.</summary>
    /// <param name="key">Identifies the computation and its parameters; compared by value.</param>
    /// <param name="compute">The computation.</param>
    internal T Get<T>(object key, Func<T> compute) => (T)_computed.GetOrAdd(key, static (_, compute) => new Lazy<object?>(() => compute()), compute).Value!;
}
