using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Multimodal.Inference.Manifests;

namespace Multimodal.Inference.Text.Preprocessing;

/// <summary>
/// A <c>vocab.txt</c> of a BERT model: UTF-8, one word piece per line. The id of a piece is its line number, counted from 0.
/// </summary>
internal sealed class WordPieceVocabulary
{
    /// <summary>The token for words that cannot be composed from pieces.</summary>
    public const string Unknown = "[UNK]";

    private const string Classifier = "[CLS]";
    private const string Separator = "[SEP]";
    private const string Padding = "[PAD]";
    private const int MaxBytes = 16 * 1024 * 1024;

    private readonly byte[] _content;

    private WordPieceVocabulary(byte[] content, Dictionary<string, int> ids)
    {
        _content = content;
        (ClassifierId, SeparatorId, PaddingId) = (ids[Classifier], ids[Separator], ids[Padding]);
    }

    /// <summary>The id of <c>[CLS]</c>, which starts every row.</summary>
    public int ClassifierId { get; }

    /// <summary>The id of <c>[SEP]</c>, which follows the text.</summary>
    public int SeparatorId { get; }

    /// <summary>The id of <c>[PAD]</c>, which fills the rest of the row.</summary>
    public int PaddingId { get; }

    /// <summary>Reads and validates a vocabulary.</summary>
    /// <param name="folder">The package's folder.</param>
    /// <param name="file">The path of the file, relative to the folder.</param>
    /// <param name="sha256">Its checksum. A null checksum is not compared; the caller has reported it.</param>
    /// <param name="report">Called with (key, what is wrong) for each error.</param>
    /// <returns>Null if an error was reported.</returns>
    public static WordPieceVocabulary? Read(string folder, string file, string? sha256, Action<string, string> report)
    {
        if (Load(folder, file, sha256, report) is not { } content)
        {
            return null;
        }

        var problems = new List<string>();
        var ids = Parse(content, problems);
        problems.ForEach(problem => report("vocabulary", $"{file} {problem}"));
        return problems.Count == 0 ? new WordPieceVocabulary(content, ids) : null;
    }

    /// <summary>Opens the content of the file.</summary>
    public Stream Open() => new MemoryStream(_content, writable: false);

    private static byte[]? Load(string folder, string file, string? sha256, Action<string, string> report)
    {
        using var stream = PackageFile.Open(folder, file, "vocabulary", ("vocabularySha256", sha256), report);
        if (stream is null)
        {
            return null;
        }

        if (stream.Length > MaxBytes)
        {
            report("vocabulary", string.Create(
                CultureInfo.InvariantCulture, $"{file} has {stream.Length} bytes; the limit is {MaxBytes} bytes."));
            return null;
        }

        try
        {
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (IOException exception)
        {
            report("vocabulary", $"{file} cannot be read: {exception.Message}");
            return null;
        }
    }

    /// <summary>Splits lines in the same way as the library, whose reader throws on errors that are reported here.</summary>
    private static Dictionary<string, int> Parse(byte[] content, List<string> problems)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        if (!Utf8.IsValid(content))
        {
            problems.Add("must be UTF-8.");
            return ids;
        }

        using var reader = new StreamReader(new MemoryStream(content), Encoding.UTF8);
        var (blank, repeated) = (new List<int>(), new List<int>());
        for (var id = 0; reader.ReadLine() is { } piece; id++)
        {
            if (string.IsNullOrWhiteSpace(piece))
            {
                blank.Add(id + 1);
            }
            else if (!ids.TryAdd(piece, id))
            {
                repeated.Add(id + 1);
            }
        }

        if (ids.Count == 0)
        {
            problems.Add("is empty; it must contain one word piece per line.");
            return ids;
        }

        AddLines("is blank on", blank);
        AddLines("repeats an earlier word piece on", repeated);
        if (new[] { Unknown, Classifier, Separator, Padding }.Except(ids.Keys).ToArray() is { Length: > 0 } missing)
        {
            problems.Add($"lacks {string.Join(", ", missing)}.");
        }

        return ids;

        void AddLines(string what, List<int> lines)
        {
            if (lines.Count > 0)
            {
                var more = lines.Count > 5 ? string.Create(CultureInfo.InvariantCulture, $" and {lines.Count - 5} more") : "";
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{what} line {string.Join(", ", lines.Take(5))}{more}."));
            }
        }
    }
}
