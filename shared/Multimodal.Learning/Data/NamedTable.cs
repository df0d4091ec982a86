using System.Collections.Frozen;

namespace Multimodal.Learning.Data;

/// <summary>Components by configurable name. Immutable and thread-safe.</summary>
/// <typeparam name="T">Type of the components.</typeparam>
public sealed class NamedTable<T>
{
    private readonly FrozenDictionary<string, T> _entries;
    private readonly string _kind;

    /// <param name="kind">What a component is, for error messages, for example <c>selection strategy</c>.</param>
    /// <param name="entries">Names, compared ordinally, and components.</param>
    /// <exception cref="ArgumentException">Two components have the same name.</exception>
    public NamedTable(string kind, IEnumerable<KeyValuePair<string, T>> entries)
    {
        _kind = kind;
        var table = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var (name, entry) in entries)
        {
            if (!table.TryAdd(name, entry))
            {
                throw new ArgumentException($"There are two entries for the {kind} '{name}'.", nameof(entries));
            }
        }

        _entries = table.ToFrozenDictionary(StringComparer.Ordinal);
        Names = [.. table.Keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>All names, sorted.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The component with a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists all names.</exception>
    public T this[string name] => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new ArgumentException($"There is no {_kind} '{name}'; known: {string.Join(", ", Names)}.", nameof(name));

    /// <summary>Whether there is a component with a name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);
}
