using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Multimodal.Inference.Text;

/// <summary>
/// The <c>preprocessing</c> object of kind <c>characters</c>. Keys: <c>length</c>, <c>alphabet</c> and <c>buckets</c> are required;
/// <c>normalise</c> (default <c>NFC</c>), <c>foldDigits</c>, <c>stripMarks</c>, <c>lowercase</c> (default false) and
/// <c>window</c> (default <c>head</c>) are not. <see cref="CharactersPreprocessor"/> says what each does.
/// </summary>
internal sealed record CharactersOptions
{
    private const int MaxLength = 4096;
    private const int MaxBuckets = 65_536;

    /// <summary>Characters in a row, 1 to 4,096.</summary>
    public required int Length { get; init; }

    /// <summary>Characters with an id of their own, in the order of the ids.</summary>
    public required IReadOnlyList<Rune> Alphabet { get; init; }

    /// <summary>Ids shared by all other characters, 1 to 65,536.</summary>
    public required int Buckets { get; init; }

    /// <summary>NFC or NFKC.</summary>
    public required NormalizationForm Normalise { get; init; }

    /// <summary>Whether every character with the numeric value of a digit becomes that ASCII digit.</summary>
    public required bool FoldDigits { get; init; }

    /// <summary>Whether nonspacing and enclosing marks are dropped.</summary>
    public required bool StripMarks { get; init; }

    /// <summary>Whether letters become lower case.</summary>
    public required bool Lowercase { get; init; }

    /// <summary>What is kept of a text that is too long.</summary>
    public required CharacterWindow Window { get; init; }

    /// <summary>Reads the options; null when <paramref name="problem"/> was called, once for each mistake.</summary>
    public static CharactersOptions? Read(JsonElement options, Action<string, string> problem)
    {
        var problems = 0;
        void Report(string key, string what)
        {
            problems++;
            problem(key, what);
        }

        int? length = null;
        int? buckets = null;
        IReadOnlyList<Rune>? alphabet = null;
        var normalise = NormalizationForm.FormC;
        var window = CharacterWindow.Head;
        bool foldDigits = false, stripMarks = false, lowercase = false;
        foreach (var option in options.EnumerateObject())
        {
            switch (option.Name)
            {
                case "kind":
                    break;
                case "length":
                    length = ReadInteger(option, MaxLength, Report);
                    break;
                case "buckets":
                    buckets = ReadInteger(option, MaxBuckets, Report);
                    break;
                case "alphabet":
                    alphabet = ReadAlphabet(option, Report);
                    break;
                case "normalise":
                    normalise = ReadName(option, Report, ("NFC", NormalizationForm.FormC), ("NFKC", NormalizationForm.FormKC));
                    break;
                case "window":
                    window = ReadName(
                        option, Report, ("head", CharacterWindow.Head), ("ends", CharacterWindow.Ends), ("digit", CharacterWindow.Digit));
                    break;
                case "foldDigits":
                    foldDigits = ReadFlag(option, Report);
                    break;
                case "stripMarks":
                    stripMarks = ReadFlag(option, Report);
                    break;
                case "lowercase":
                    lowercase = ReadFlag(option, Report);
                    break;
                default:
                    Report(option.Name, "is not an option of kind characters");
                    break;
            }
        }

        foreach (var required in (string[])["length", "alphabet", "buckets"])
        {
            if (!options.TryGetProperty(required, out _))
            {
                Report(required, "is missing");
            }
        }

        return problems > 0 ? null : new CharactersOptions
        {
            Length = length!.Value,
            Alphabet = alphabet!,
            Buckets = buckets!.Value,
            Normalise = normalise,
            FoldDigits = foldDigits,
            StripMarks = stripMarks,
            Lowercase = lowercase,
            Window = window,
        };
    }

    private static int? ReadInteger(JsonProperty option, int max, Action<string, string> report)
    {
        if (option.Value.ValueKind == JsonValueKind.Number && option.Value.TryGetInt32(out var value) && value >= 1 && value <= max)
        {
            return value;
        }

        report(option.Name, string.Create(CultureInfo.InvariantCulture, $"must be a whole number from 1 to {max}"));
        return null;
    }

    private static bool ReadFlag(JsonProperty option, Action<string, string> report)
    {
        if (option.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            report(option.Name, "must be true or false");
        }

        return option.Value.ValueKind == JsonValueKind.True;
    }

    private static T ReadName<T>(JsonProperty option, Action<string, string> report, params ReadOnlySpan<(string Name, T Value)> choices)
    {
        foreach (var (name, value) in choices)
        {
            if (option.Value.ValueKind == JsonValueKind.String && option.Value.ValueEquals(name))
            {
                return value;
            }
        }

        var names = new List<string>();
        foreach (var (name, _) in choices)
        {
            names.Add(name);
        }

        report(option.Name, $"must be one of {string.Join(", ", names)}");
        return choices[0].Value;
    }

    private static List<Rune>? ReadAlphabet(JsonProperty option, Action<string, string> report)
    {
        if (option.Value.ValueKind != JsonValueKind.String)
        {
            report(option.Name, "must be a string");
            return null;
        }

        var alphabet = option.Value.GetString()!.EnumerateRunes().ToList();
        var repeated = alphabet.GroupBy(scalar => scalar).Where(group => group.Count() > 1).Select(group => group.Key).ToList();
        if (alphabet.Count == 0)
        {
            report(option.Name, "must have at least one character");
        }

        if (repeated.Count > 0)
        {
            report(option.Name, $"has a character more than once: {string.Join(' ', repeated)}");
        }

        return alphabet;
    }
}
