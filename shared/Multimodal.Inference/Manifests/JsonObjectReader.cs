using System.Text.Json;

namespace Multimodal.Inference.Manifests;

/// <summary>
/// Reads the keys of one JSON object strictly and collects every mistake instead of stopping at the first: keys missing,
/// unknown or written twice, wrong types, values out of range. What a reading method returns after a mistake is null.
/// </summary>
/// <remarks>A key with the value null counts as left out where a key may be left out, and as a mistake elsewhere.</remarks>
internal sealed partial class JsonObjectReader
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private readonly Action<string, string> _problem;
    private bool _isSound = true;

    /// <summary>Over an object; <paramref name="problem"/> is called with (key, what is wrong).</summary>
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
                Report(field.Name, "is written twice.");
            }
        }
    }

    /// <summary>Opens a file that must hold one object; it may name its schema under <c>$schema</c>.</summary>
    /// <returns>Null after a problem with the file itself, reported under <c>$</c>.</returns>
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

    /// <summary>Same, as the object itself.</summary>
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
            problem("$", $"is not JSON: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem("$", exception is FileNotFoundException or DirectoryNotFoundException ? "does not exist." : $"cannot be read: {exception.Message}");
        }

        return null;
    }

    /// <summary>An object, as it is.</summary>
    public JsonElement? Object(string key) => Take(key, JsonValueKind.Object, "an object");

    /// <summary>An object, to read key by key.</summary>
    public JsonObjectReader? Fields(string key) => Object(key) is { } element ? new JsonObjectReader(element, key + ".", Report) : null;

    /// <summary>A list of objects, each to read key by key.</summary>
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

    /// <summary>Whether the key is there with a value other than null; makes the key known.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _fields.TryGetValue(key, out var element) && element.ValueKind != JsonValueKind.Null;
    }

    /// <summary>Reports a mistake at a key of this object.</summary>
    public void Report(string key, string problem)
    {
        _isSound = false;
        _problem(_prefix + key, problem);
    }

    /// <summary>Reports the keys that nothing has read; call it last.</summary>
    /// <returns>Whether the object, with all that was read inside it, has no mistake.</returns>
    public bool Close()
    {
        foreach (var key in _fields.Keys.Where(key => !_known.Contains(key)))
        {
            Report(key, $"is not known; known are: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }

        return _isSound;
    }

    private JsonElement? Take(string key, JsonValueKind kind, string words)
    {
        _known.Add(key);
        if (!_fields.TryGetValue(key, out var element))
        {
            Report(key, $"is missing; it must be {words}.");
            return null;
        }

        if (element.ValueKind == kind)
        {
            return element;
        }

        Report(key, $"must be {words}.");
        return null;
    }
}
