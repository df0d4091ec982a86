using System.Globalization;
using System.Text.Json;

namespace Multimodal.Inference.Vision;

/// <summary>
/// Reads a <c>preprocessing</c> object strictly: wrong types, values out of range, missing and unknown keys are all
/// reported, each with its key, and reading goes on.
/// </summary>
internal sealed class OptionReader(JsonElement options, Action<string, string> problem)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal) { "kind" };
    private bool _isSound = true;

    /// <summary>Reads a whole number.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="least">Smallest value allowed.</param>
    /// <param name="most">Largest value allowed.</param>
    /// <param name="fallback">Value when the key is absent; null when it must be there.</param>
    public int Integer(string key, int least, int most, int? fallback)
    {
        if (!TryFind(key, fallback is null, out JsonElement value))
        {
            return fallback ?? least;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= least && number <= most)
        {
            return number;
        }

        Report(key, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}."));
        return least;
    }

    /// <summary>Reads a number; see <see cref="Integer"/>.</summary>
    public double Number(string key, double least, double most, double fallback)
    {
        if (!TryFind(key, false, out JsonElement value))
        {
            return fallback;
        }

        if (value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number >= least && number <= most)
        {
            return number;
        }

        Report(key, string.Create(CultureInfo.InvariantCulture, $"must be a number from {least} to {most}."));
        return least;
    }

    /// <summary>Reads one of a few words; the first is the fallback.</summary>
    public string Choice(string key, params ReadOnlySpan<string> words)
    {
        if (!TryFind(key, false, out JsonElement value))
        {
            return words[0];
        }

        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } word && words.Contains(word))
        {
            return word;
        }

        Report(key, $"must be one of {string.Join(", ", words.ToArray())}.");
        return words[0];
    }

    /// <summary>Reads a list of finite numbers, one per channel.</summary>
    public float[] Numbers(string key, int count, float fallback)
    {
        float[] numbers = new float[count];
        Array.Fill(numbers, fallback);
        if (!TryFind(key, false, out JsonElement value))
        {
            return numbers;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != count
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Number || !float.IsFinite(item.GetSingle())))
        {
            Report(key, string.Create(CultureInfo.InvariantCulture, $"must be a list of {count} finite numbers, one per channel."));
            return numbers;
        }

        return [.. value.EnumerateArray().Select(item => item.GetSingle())];
    }

    /// <summary>Reports the keys that nobody asked for.</summary>
    /// <returns>Whether there was no problem at all.</returns>
    public bool Finish()
    {
        if (options.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in options.EnumerateObject().Where(property => !_known.Contains(property.Name)))
            {
                Report(property.Name, "is not an option of this kind.");
            }
        }

        return _isSound;
    }

    private bool TryFind(string key, bool isRequired, out JsonElement value)
    {
        _known.Add(key);
        value = default;
        bool isFound = options.ValueKind == JsonValueKind.Object && options.TryGetProperty(key, out value);
        if (!isFound && isRequired)
        {
            Report(key, "is missing.");
        }

        return isFound;
    }

    /// <summary>Reports a mistake that concerns one key.</summary>
    public void Report(string key, string wrong)
    {
        _isSound = false;
        problem(key, wrong);
    }
}
