using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Multimodal.Inference.Manifests;

/// <content>Single values and lists of them. A method with a fallback returns it when the key is left out; without one, the key must be there.</content>
internal sealed partial class JsonObjectReader
{
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
    public string? OneOf(string key, IReadOnlyCollection<string> names, string? fallback = null)
    {
        var text = IsLeftOut(key, fallback) ? fallback : Text(key);
        if (text is null || names.Contains(text))
        {
            return text;
        }

        Report(key, $"is '{text}'; it must be one of: {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
        return null;
    }

    /// <summary>A finite number in [least, most], or (least, most] when the least itself is excluded.</summary>
    public double? Number(string key, double least, double most, bool aboveLeast = false, double? fallback = null)
    {
        if (IsLeftOut(key, fallback))
        {
            return fallback;
        }

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
    public int? Integer(string key, int least, int most, int? fallback = null)
    {
        if (IsLeftOut(key, fallback))
        {
            return fallback;
        }

        if (Take(key, JsonValueKind.Number, "an integer") is not { } element)
        {
            return null;
        }

        if (element.TryGetDouble(out var number) && number == Math.Truncate(number) && number >= least && number <= most)
        {
            return (int)number;
        }

        Report(key, string.Create(CultureInfo.InvariantCulture, $"is {element.GetRawText()}; it must be an integer, at least {least} and at most {most}."));
        return null;
    }

    /// <summary>True or false. After a mistake it is false.</summary>
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

    /// <summary>A list of finite numbers, or <paramref name="count"/> times the fallback.</summary>
    /// <param name="key">The key.</param>
    /// <param name="count">How many there must be; null when that could not be read and any number of them will do.</param>
    /// <param name="fallback">Each number when the key is left out.</param>
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

    private bool IsLeftOut(string key, object? fallback) => fallback is not null && !Has(key);
}
