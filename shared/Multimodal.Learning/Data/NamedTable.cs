using System.Collections.Frozen;

namespace Multimodal.Learning.Data;

/// <summary>What can be configured by name: fixed at start, a duplicate name fails there, an unknown one where it is asked for.</summary>
/// <typeparam name="T">What the names stand for.</typeparam>
public sealed class NamedTable<T>
{
    private readonly FrozenDictionary<string, T> _entries;
    private readonly string _kind;

    /// <summary>Makes the table.</summary>
    /// <param name="kind">What an entry is, for the error message, for example <c>selection strategy</c>.</param>
    /// <param name="entries">Names, compared ordinally, with what they stand for.</param>
    /// <exception cref="ArgumentException">Two entries have the same name.</exception>
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

    /// <summary>The entry of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names there are.</exception>
    public T this[string name] => _entries.TryGetValue(name, out var entry)
        ? entry
        : throw new ArgumentException($"There is no {_kind} '{name}'; known: {string.Join(", ", Names)}.", nameof(name));

    /// <summary>Whether there is an entry of that name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);
}
