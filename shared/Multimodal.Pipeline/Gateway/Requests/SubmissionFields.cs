using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>The fields of one request while its body is read. An empty field counts as absent.</summary>
internal sealed class SubmissionFields(FieldLimits limits)
{
    private readonly Dictionary<Modality, ReadOnlyMemory<byte>> _parts = [];
    private readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);

    /// <summary>The parts.</summary>
    public IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> Parts => _parts;

    /// <summary>The field options, as JSON; null if it is absent.</summary>
    public byte[]? Options { get; private set; }

    /// <summary>The names of fields without meaning for the service, such as buttons.</summary>
    public IReadOnlyCollection<string> Ignored => _ignored;

    /// <summary>Adds a field.</summary>
    /// <param name="name">The name of a known field.</param>
    /// <param name="content">Its decoded content.</param>
    /// <param name="isNamedFile">Whether a client sent it as a file with a name. Such a file is not absent if it is empty; it is a broken file.</param>
    /// <returns>The refusal; null if there is none.</returns>
    public Problem? Add(string name, byte[] content, bool isNamedFile = false)
    {
        var isOptions = name == FieldLimits.OptionsField;
        if (content.Length == 0 && (isOptions || !isNamedFile))
        {
            return null;
        }

        if (isOptions ? Options is not null : _parts.ContainsKey(FieldLimits.ModalityOf(name)))
        {
            return Problems.DuplicatePart(name);
        }

        if (limits.Of(name) is { } limit && content.Length > limit)
        {
            return Problems.PartTooLarge(name, limit);
        }

        if (isOptions)
        {
            Options = content;
        }
        else
        {
            _parts.Add(FieldLimits.ModalityOf(name), content);
        }

        return null;
    }

    /// <summary>Notes a field without meaning for the service.</summary>
    public void Ignore(string name) => _ignored.Add(name);
}
