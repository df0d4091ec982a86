using System.Text;
using System.Text.Json;
using Multimodal.Inference.Manifests;

namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>
/// The <c>preprocessing</c> object of kind <c>characters</c>. Required keys: <c>length</c>, <c>alphabet</c>, <c>buckets</c>. Optional
/// keys: <c>normalise</c> (default <c>NFC</c>), <c>foldDigits</c>, <c>stripMarks</c>, <c>lowercase</c> (default false) and
/// <c>window</c> (default <c>head</c>). <see cref="CharactersPreprocessor"/> describes their effect.
/// </summary>
internal sealed record CharactersOptions
{
    private const int MaxLength = 4096;
    private const int MaxBuckets = 65_536;

    private static readonly Dictionary<string, NormalizationForm> Forms = new()
    {
        ["NFC"] = NormalizationForm.FormC,
        ["NFKC"] = NormalizationForm.FormKC,
    };

    private static readonly Dictionary<string, CharacterWindow> Windows = new()
    {
        ["head"] = CharacterWindow.Head,
        ["ends"] = CharacterWindow.Ends,
        ["digit"] = CharacterWindow.Digit,
    };

    /// <summary>Number of ids in a row, 1 to 4,096.</summary>
    public required int Length { get; init; }

    /// <summary>The characters that have their own id, in the order of the ids; distinct.</summary>
    public required IReadOnlyList<Rune> Alphabet { get; init; }

    /// <summary>Number of ids that all other characters share, 1 to 65,536.</summary>
    public required int Buckets { get; init; }

    /// <summary>The Unicode normalization form, NFC or NFKC.</summary>
    public required NormalizationForm Normalise { get; init; }

    /// <summary>Whether characters with the numeric value of a digit become that ASCII digit.</summary>
    public required bool FoldDigits { get; init; }

    /// <summary>Whether nonspacing and enclosing marks are removed.</summary>
    public required bool StripMarks { get; init; }

    /// <summary>Whether letters are converted to lower case.</summary>
    public required bool Lowercase { get; init; }

    /// <summary>The characters that are kept of a text longer than the row.</summary>
    public required CharacterWindow Window { get; init; }

    /// <summary>Reads the options.</summary>
    /// <returns>Null if an error was reported to <paramref name="problem"/>.</returns>
    public static CharactersOptions? Read(JsonElement options, Action<string, string> problem)
    {
        var fields = new JsonObjectReader(options, problem);
        fields.Has("kind");
        var length = fields.Integer("length", 1, MaxLength);
        var buckets = fields.Integer("buckets", 1, MaxBuckets);
        var alphabet = fields.Text("alphabet")?.EnumerateRunes().ToList();
        var normalise = fields.OneOf("normalise", Forms.Keys, fallback: "NFC");
        var window = fields.OneOf("window", Windows.Keys, fallback: "head");
        var foldDigits = fields.Flag("foldDigits");
        var stripMarks = fields.Flag("stripMarks");
        var lowercase = fields.Flag("lowercase");
        if (alphabet is not null && alphabet.CountBy(scalar => scalar).Where(pair => pair.Value > 1).ToList() is { Count: > 0 } repeated)
        {
            fields.Report("alphabet", $"repeats {string.Join(", ", repeated.Select(pair => $"'{pair.Key}'"))}.");
        }

        return !fields.Close() ? null : new CharactersOptions
        {
            Length = length!.Value,
            Alphabet = alphabet!,
            Buckets = buckets!.Value,
            Normalise = Forms[normalise!],
            FoldDigits = foldDigits,
            StripMarks = stripMarks,
            Lowercase = lowercase,
            Window = Windows[window!],
        };
    }
}
