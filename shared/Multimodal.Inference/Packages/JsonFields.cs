using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Multimodal.Inference.Packages;

/// <summary>
/// Reads the keys of one JSON object strictly and collects every mistake instead of stopping at the first: keys missing,
/// unknown or written twice, wrong types, values out of range. What a reading method returns after a mistake is null.
/// </summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal) { "$schema" };
    private readonly string _prefix;
    private readonly Action<string, string> _problem;

    /// <summary>Over an object; <paramref name="problem"/> is called with (key, what is wrong).</summary>
    public JsonFields(JsonElement element, string prefix, Action<string, string> problem)
    {
        (_prefix, _problem) = (prefix, problem);
        foreach (var field in element.EnumerateObject())
        {
            if (!_fields.TryAdd(field.Name, field.Value))
            {
                problem(prefix + field.Name, "is written twice.");
            }
        }
    }

    /// <summary>Opens a file that must hold one object.</summary>
    /// <returns>Null after a problem with the file itself, reported under <c>$</c>.</returns>
    public static JsonFields? Open(string path, Action<string, string> problem)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new JsonFields(document.RootElement.Clone(), "", problem);
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

    /// <summary>A string that matches the pattern.</summary>
    /// <param name="key">The key.</param>
    /// <param name="pattern">What it must match; null for any text that is not blank.</param>
    /// <param name="rule">The pattern in words.</param>
    public string? Text(string key, Regex? pattern = null, string rule = "must not be blank.")
    {
        if (Take(key, JsonValueKind.String, "a string") is not { } element)
        {
            return null;
        }

        var text = element.GetString()!;
        if (pattern is null ? !string.IsNullOrWhiteSpace(text) : pattern.IsMatch(text))
        {
            return text;
        }

        Report(key, rule);
        return null;
    }

    /// <summary>A string out of a closed set.</summary>
    public string? OneOf(string key, IReadOnlyCollection<string> names)
    {
        var text = Text(key);
        if (text is null || names.Contains(text))
        {
            return text;
        }

        Report(key, $"is '{text}'; it must be one of: {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
        return null;
    }

    /// <summary>A finite number in [least, most], or (least, most] when the least itself is excluded.</summary>
    public double? Number(string key, double least, double most, bool aboveLeast = false)
    {
        if (Take(key, JsonValueKind.Number, "a number") is not { } element)
        {
            return null;
        }

        if (element.TryGetDouble(out var number) && (aboveLeast ? number > least : number >= least) && number <= most)
        {
            return number;
        }

        Report(key, string.Create(CultureInfo.InvariantCulture, $"is {element.GetRawText()}; it must be {(aboveLeast ? "above" : "at least")} {least} and at most {most}."));
        return null;
    }

    /// <summary>An integer in [least, most].</summary>
    public int? Integer(string key, int least, int most)
    {
        if (Number(key, least, most) is not { } number)
        {
            return null;
        }

        if (number == Math.Truncate(number))
        {
            return (int)number;
        }

        Report(key, "must be a whole number.");
        return null;
    }

    /// <summary>True or false; false also when the key is not there.</summary>
    public bool Flag(string key)
    {
        if (!Has(key))
        {
            return false;
        }

        var kind = _fields[key].ValueKind;
        if (kind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Report(key, "must be true or false.");
        }

        return kind == JsonValueKind.True;
    }

    /// <summary>A list of strings, none blank, none twice.</summary>
    public IReadOnlyList<string>? Texts(string key, int least)
    {
        if (Take(key, JsonValueKind.Array, "a list of strings") is not { } element)
        {
            return null;
        }

        var texts = new List<string>();
        var good = true;
        foreach (var (index, item) in element.EnumerateArray().Index())
        {
            var text = item.ValueKind == JsonValueKind.String ? item.GetString()! : null;
            var problem = text is null ? "must be a string."
                : string.IsNullOrWhiteSpace(text) ? "must not be blank."
                : texts.Contains(text) ? $"repeats '{text}'."
                : null;
            if (problem is not null)
            {
                Report($"{key}[{index}]", problem);
                good = false;
            }

            texts.Add(text ?? "");
        }

        if (texts.Count < least)
        {
            Report(key, $"has {texts.Count} entries; it needs at least {least}.");
            good = false;
        }

        return good ? texts : null;
    }

    /// <summary>An object, as it is.</summary>
    public JsonElement? Object(string key) => Take(key, JsonValueKind.Object, "an object");

    /// <summary>An object, to read key by key.</summary>
    public JsonFields? Fields(string key) => Object(key) is { } element ? new JsonFields(element, _prefix + key + ".", _problem) : null;

    /// <summary>A list of objects, each to read key by key.</summary>
    public IReadOnlyList<JsonFields>? Items(string key)
    {
        if (Take(key, JsonValueKind.Array, "a list of objects") is not { } element)
        {
            return null;
        }

        var items = new List<JsonFields>();
        foreach (var (index, item) in element.EnumerateArray().Index())
        {
            if (item.ValueKind == JsonValueKind.Object)
            {
                items.Add(new JsonFields(item, $"{_prefix}{key}[{index}].", _problem));
            }
            else
            {
                Report($"{key}[{index}]", "must be an object.");
            }
        }

        return items;
    }

    /// <summary>Whether the key is there with a value other than null; a key that may be absent is asked for with this first.</summary>
    public bool Has(string key)
    {
        _known.Add(key);
        return _fields.TryGetValue(key, out var element) && element.ValueKind != JsonValueKind.Null;
    }

    /// <summary>Reports a mistake at a key of this object.</summary>
    public void Report(string key, string problem) => _problem(_prefix + key, problem);

    /// <summary>Reports the keys that nobody asked for; call it last.</summary>
    public void Close()
    {
        foreach (var key in _fields.Keys.Where(key => !_known.Contains(key)))
        {
            Report(key, $"is not known; known are: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
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
