using System.Text;

namespace Multimodal.Inference.Tests.Text.Preprocessing;

/// <summary>
/// Random texts with words in many scripts, accents, emoji, punctuation, very long words, control and format characters.
/// </summary>
internal sealed class ScriptTexts
{
    private static readonly (int First, int Last)[] Scripts =
    [
        ('a', 'z'), ('A', 'Z'), ('0', '9'), (0xC0, 0x24F), (0x391, 0x3C9), (0x410, 0x44F), (0x531, 0x586), (0x5D0, 0x5EA),
        (0x620, 0x64A), (0x905, 0x94D), (0x985, 0x9CD), (0xE01, 0xE3A), (0x10D0, 0x10F0), (0x1E00, 0x1EFF), (0x1F00, 0x1FFC),
        (0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x4E80), (0xAC00, 0xAC60), (0xF900, 0xF920), (0xFF21, 0xFF5A),
        (0x10400, 0x1044F), (0x1D400, 0x1D433), (0x1F600, 0x1F64F), (0x20000, 0x20020), (0x24B6, 0x24E9), (0x2160, 0x217F),
    ];

    private static readonly string[] Separators =
    [
        " ", " ", " ", "  ", "\n", "\t", "\r\n", "\u00A0", "\u2003", "\u3000", "\u2028",
        ", ", ". ", "!", "?!", "-", "_", "$", "+", "<=>", "`", "~", "…", "«", "»",
        "。", "、", "'", "’", "(", ") ", "@", "#",
        "\u200B", "\u200D", "\u00AD", "\uFEFF", "\uFE0F", "\u0301", "\u0345", "\u093F", "\u20E3", "\u0007 ", "\u0085",
        "\uFFFD", "\uE000", "½", "№", "€", "İ", "ß", "Ǆ", "ﬁ",
    ];

    private readonly Random _random;
    private readonly List<string> _words = [];

    public ScriptTexts(int seed)
    {
        _random = new Random(seed);
        for (var i = 0; i < 400; i++)
        {
            var (first, last) = Scripts[i % Scripts.Length];
            var word = new StringBuilder();
            for (var length = _random.Next(1, 10); length > 0; length--)
            {
                word.Append(new Rune(_random.Next(first, last + 1)));
            }

            _words.Add(word.ToString());
        }
    }

    /// <summary>Returns texts of up to forty words.</summary>
    public IEnumerable<string> Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var text = new StringBuilder(_words[_random.Next(_words.Count)]);
            for (var length = _random.Next(0, 40); length > 0; length--)
            {
                text.Append(Separators[_random.Next(Separators.Length)]);
                text.Append(_random.Next(40) == 0 ? LongWord() : _words[_random.Next(_words.Count)]);
            }

            yield return text.ToString();
        }
    }

    /// <summary>
    /// Returns control tokens and pieces of the words, in original and normalized form: whole words, prefixes, suffixes and single
    /// characters. So the texts contain known words, words of many pieces and unknown words.
    /// </summary>
    public IReadOnlyList<string> Vocabulary()
    {
        var pieces = new List<string> { "[PAD]", "[UNK]", "[CLS]", "[SEP]" };
        var forms = _words.Concat(Separators).Where((_, i) => i % 7 != 0)
            .SelectMany(word => new[] { word, word.ToLowerInvariant() })
            .SelectMany(word => new[] { word.Normalize(NormalizationForm.FormC), word.Normalize(NormalizationForm.FormD) });
        foreach (var form in forms)
        {
            Rune[] scalars = [.. form.EnumerateRunes()];
            var cut = _random.Next(1, scalars.Length + 1);
            pieces.Add(string.Concat(scalars.Take(cut)));
            pieces.Add("##" + string.Concat(scalars.Skip(cut)));
            pieces.AddRange(scalars.Where(_ => _random.Next(4) > 0).SelectMany(scalar => new[] { $"{scalar}", $"##{scalar}" }));
        }

        return
        [
            .. pieces
                .Where(piece => piece != "##" && !piece.Any(char.IsWhiteSpace) && !piece.Any(char.IsControl))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    // ASCII, so that its length is the same in UTF-16 units and in characters, which the reference counts.
    private string LongWord() => $" {string.Concat(Enumerable.Repeat("ab", _random.Next(45, 56)))} ";
}
