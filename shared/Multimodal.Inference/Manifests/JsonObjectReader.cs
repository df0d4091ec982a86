using System.Text.Json;

namespace Multimodal.Inference.Manifests;

/// <summary>
/// Reads one JSON object strictly and reports every error, not only the first: missing, unknown and duplicate keys, wrong types,
/// values out of range. A method that reads a value returns null after an error.
/// </summary>
/// <remarks>The value null counts as absent for an optional key, and as an error for a required key.</remarks>
internal sealed partial class JsonObjectReader
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private readonly Action<string, string> _problem;
    private bool _isValid = true;

    /// <summary>Creates a reader of an object.</summary>
    /// <param name="element">The object.</param>
    /// <param name="problem">Called with (key, what is wrong) for each error.</param>
    public JsonObjectReader(JsonElement element, Action<string, string> problem)
        : this(element, "", problem)
    {
    }

    private JsonObjectReader(JsonElement element, string prefix, Action<string, string> problem)
    {
        (_prefix, _problem) = (prefix, problem);
        foreach (var field in element.EnumerateObject())
        {
            if (!_fields.TryAdd(field.Name, field.Value))
            {
                Report(field.Name, "occurs twice.");
            }
        }
    }

    /// <summary>Opens a file that contains one JSON object. The key <c>$schema</c> is allowed and ignored.</summary>
    /// <returns>Null if the file cannot be read or is not a JSON object; the error is reported under the key <c>$</c>.</returns>
    public static JsonObjectReader? Open(string path, Action<string, string> problem)
    {
        if (OpenElement(path, problem) is not { } element)
        {
            return null;
        }

        var fields = new JsonObjectReader(element, problem);
        fields.Has("$schema");
        return fields;
    }

    /// <summary>Same, but returns the object itself and allows no <c>$schema</c>.</summary>
    public static JsonElement? OpenElement(string path, Action<string, string> problem)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document.RootElement.Clone();
            }

            problem("$", "must be a JSON object.");
        }
        catch (JsonException exception)
        {
            problem("$", $"is not valid JSON: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var isMissing = exception is FileNotFoundException or DirectoryNotFoundException;
            problem("$", isMissing ? "does not exist." : $"cannot be read: {exception.Message}");
        }

        return null;
    }

    /// <summary>Reads an object as raw JSON.</summary>
    public JsonElement? Object(string key) => Take(key, JsonValueKind.Object, "an object");

    /// <summary>Reads an object key by key.</summary>
    public JsonObjectReader? Fields(string key) => Object(key) is { } element ? new JsonObjectReader(element, key + ".", Report) : null;

    /// <summary>Reads a list of objects key by key.</summary>
    public IReadOnlyList<JsonObjectReader>? Items(string key)
    {
        if (Take(key, JsonValueKind.Array, "a list of objects") is not { } element)
        {
            return null;
        }

        var items = new List<JsonObjectReader>();
        foreach (var (index, item) in element.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                items.Add(new JsonObjectReader(item, $"{key}[{index}].", Report));
            }
            else
            {
                Report($"{key}[{index}]", "must be an object.");
            }
        }

        return items;
    }

    /// <summary>Whether the key has a value other than null. The key counts as known afterwards.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _fields.TryGetValue(key, out var element) && element.ValueKind != JsonValueKind.Null;
    }

    /// <summary>Reports an error at a key of this object.</summary>
    public void Report(string key, string problem)
    {
        _isValid = false;
        _problem(_prefix + key, problem);
    }

    /// <summary>Reports the keys that were not read. Call it last.</summary>
    /// <returns>True if neither the object nor anything read inside it has an error.</returns>
    public bool Close()
    {
        foreach (var key in _fields.Keys.Where(key => !_known.Contains(key)))
        {
            Report(key, $"is not known; known keys: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }

        return _isValid;
    }

    private JsonElement? Take(string key, JsonValueKind kind, string description)
    {
        _known.Add(key);
        if (!_fields.TryGetValue(key, out var element))
        {
            Report(key, $"is missing; it must be {description}.");
            return null;
        }

        if (element.ValueKind == kind)
        {
            return element;
        }

        Report(key, $"must be {description}.");
        return null;
    }
}
