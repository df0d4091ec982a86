using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Multimodal.Inference.Manifests;

/// <content>Values and lists of values. A key is optional if the method has a fallback, else required.</content>
internal sealed partial class JsonObjectReader
{
    /// <summary>Reads a string that matches a pattern.</summary>
    /// <param name="key">The key.</param>
    /// <param name="pattern">The pattern; null allows any string that is not blank.</param>
    /// <param name="rule">Describes the pattern in the error message.</param>
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

    /// <summary>Reads one of a fixed set of strings.</summary>
    public string? OneOf(string key, IReadOnlyCollection<string> names, string? fallback = null)
    {
        var text = IsAbsent(key, fallback) ? fallback : Text(key);
        if (text is null || names.Contains(text))
        {
            return text;
        }

        Report(key, $"is '{text}'; it must be one of: {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
        return null;
    }

    /// <summary>Reads a number in [min, max], or in (min, max] if <paramref name="isMinExclusive"/>.</summary>
    public double? Number(string key, double min, double max, bool isMinExclusive = false, double? fallback = null)
    {
        if (IsAbsent(key, fallback))
        {
            return fallback;
        }

        if (Take(key, JsonValueKind.Number, "a number") is not { } element)
        {
            return null;
        }

        if (element.TryGetDouble(out var number) && (isMinExclusive ? number > min : number >= min) && number <= max)
        {
            return number;
        }

        var bound = isMinExclusive ? "above" : "at least";
        Report(key, string.Create(CultureInfo.InvariantCulture, $"is {element.GetRawText()}; it must be {bound} {min} and at most {max}."));
        return null;
    }

    /// <summary>Reads an integer in [min, max].</summary>
    public int? Integer(string key, int min, int max, int? fallback = null)
    {
        if (IsAbsent(key, fallback))
        {
            return fallback;
        }

        if (Take(key, JsonValueKind.Number, "an integer") is not { } element)
        {
            return null;
        }

        if (element.TryGetDouble(out var number) && number == Math.Truncate(number) && number >= min && number <= max)
        {
            return (int)number;
        }

        var text = element.GetRawText();
        Report(key, string.Create(CultureInfo.InvariantCulture, $"is {text}; it must be an integer, at least {min} and at most {max}."));
        return null;
    }

    /// <summary>Reads a Boolean. Returns false after an error.</summary>
    public bool Flag(string key, bool fallback = false)
    {
        if (!Has(key))
        {
            return fallback;
        }

        var kind = _fields[key].ValueKind;
        if (kind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Report(key, "must be true or false.");
        }

        return kind == JsonValueKind.True;
    }

    /// <summary>Reads a list of distinct strings that are not blank.</summary>
    public IReadOnlyList<string>? Texts(string key, int minCount)
    {
        if (Take(key, JsonValueKind.Array, "a list of strings") is not { } element)
        {
            return null;
        }

        var texts = new List<string>();
        var isValid = true;
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
                isValid = false;
            }

            texts.Add(text ?? "");
        }

        if (texts.Count < minCount)
        {
            Report(key, $"has {texts.Count} entries; it needs at least {minCount}.");
            isValid = false;
        }

        return isValid ? texts : null;
    }

    /// <summary>Reads a list of finite numbers.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">The required length; null allows any, because the key that sets it had an error.</param>
    /// <param name="fallback">The value of every element if the key is absent.</param>
    public IReadOnlyList<float>? Numbers(string key, int? count, float fallback)
    {
        if (!Has(key))
        {
            return [.. Enumerable.Repeat(fallback, count ?? 0)];
        }

        if (Take(key, JsonValueKind.Array, "a list of numbers") is not { } element)
        {
            return null;
        }

        var numbers = new List<float>();
        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Number && item.TryGetSingle(out var number) && float.IsFinite(number))
            {
                numbers.Add(number);
            }
            else
            {
                Report($"{key}[{numbers.Count}]", "must be a finite number.");
                return null;
            }
        }

        if (numbers.Count == (count ?? numbers.Count))
        {
            return numbers;
        }

        Report(key, $"has {numbers.Count} entries; it needs {count}.");
        return null;
    }

    private bool IsAbsent(string key, object? fallback) => fallback is not null && !Has(key);
}
