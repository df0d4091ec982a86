using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Multimodal.Inference.Media;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Text.Preprocessing;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Text.Preprocessing;

/// <summary>The ids are those of the tokenizer that models are trained with.</summary>
public sealed class TokenizerReferenceTests : IDisposable
{
    private const string NotHere = "Hugging Face's tokenizers library is a test dependency on linux-x64 only.";
    private const int Texts = 400;
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void TryPrepare_TextsOfManyScripts_GivesTheReferencesIds(bool lowercase, bool stripAccents)
    {
        Assert.SkipUnless(ReferenceTokenizer.IsHere, NotHere);
        var texts = new ScriptTexts(seed: 7);
        var vocabulary = texts.Vocabulary();
        using var reference = new ReferenceTokenizer(_scratch.Path, vocabulary, lowercase, stripAccents);
        var preprocessor = Create(vocabulary, length: 2048, lowercase, stripAccents);
        var row = new byte[preprocessor.Row.ByteLength];
        var (known, unknown, differing) = (0, 0, new List<string>());

        foreach (var text in texts.Take(Texts))
        {
            Assert.True(preprocessor.TryPrepare(Encoding.UTF8.GetBytes(text), row, out var failure), failure?.Detail);
            var ids = MemoryMarshal.Cast<byte, long>(row).ToArray();

            // Every text part is in NFC before a preprocessor sees it; the reference decomposes only where it strips accents.
            var expected = reference.Encode(stripAccents ? text : text.Normalize(NormalizationForm.FormC));
            if (!ids.AsSpan(0, expected.Length).SequenceEqual(expected) || ids.Skip(expected.Length).Any(id => id != 0))
            {
                differing.Add($"{JsonSerializer.Serialize(text)}: {string.Join(' ', ids.Take(expected.Length))} instead of {string.Join(' ', expected)}");
            }

            known += expected.Count(id => id > 3);
            unknown += expected.Count(id => id == 1);
        }

        Assert.True(differing.Count == 0, string.Join(Environment.NewLine, differing));
        Assert.True(known > 5 * Texts && unknown > Texts, $"The texts must exercise the vocabulary: {known} known pieces, {unknown} unknown words.");
    }

    /// <summary>
    /// Each Unicode scalar between two letters: dropped, a space, a word of its own or part of the word. The reference differs from us in
    /// two things. Its tables of categories are those of Unicode 8, so a mark, format or punctuation character that is younger is part of a
    /// word there, and four older ones have changed their category since. And its table of Chinese characters
    /// begins Extension E at U+2B920, where Unicode and BERT's original code begin it at U+2B820.
    /// </summary>
    [Theory]
    [InlineData(true, 900)]
    [InlineData(false, 450)]
    public void Pieces_EveryScalar_IsTreatedAsInTheReference(bool lowercase, int mostDifferences)
    {
        Assert.SkipUnless(ReferenceTokenizer.IsHere, NotHere);
        string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "##b", "##a"];
        using var reference = new ReferenceTokenizer(_scratch.Path, vocabulary, lowercase, lowercase);
        var preprocessor = (TokenizerPreprocessor)Create(vocabulary, length: 3, lowercase, lowercase);
        int[] changed = [0x166D, 0x1734, 0x111C9, 0x1171E];
        var differing = new List<int>();

        foreach (var scalars in Enumerable.Range(1, 0x10FFFF).Where(value => Rune.IsValid(value) && value != 0xFFFE).Chunk(64))
        {
            if (!IsSame(string.Join(' ', scalars.Select(Between))))
            {
                differing.AddRange(scalars.Where(value => !IsSame(Between(value))));
            }
        }

        bool IsSame(string text) => preprocessor.Pieces(text, int.MaxValue).Select(id => (long)id).SequenceEqual(reference.Encode(text)[1..^1]);
        Assert.All(differing, value => Assert.True(
            changed.Contains(value) || value is >= 0x2B820 and < 0x2B920 || (IsKnownMark(value) && reference.Encode(Between(value)).Length == 3),
            $"U+{value:X4} {CharUnicodeInfo.GetUnicodeCategory(value)}"));
        Assert.InRange(differing.Count, 256, mostDifferences);
    }

    /// <summary>The longest word has 100 UTF-16 units here and 100 characters in the reference: above the basic plane that is half as many.</summary>
    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void Pieces_WordAboveTheBasicPlane_IsUnknownFrom51Characters(int length, bool isSame)
    {
        Assert.SkipUnless(ReferenceTokenizer.IsHere, NotHere);
        string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "😀", "##😀"];
        using var reference = new ReferenceTokenizer(_scratch.Path, vocabulary, lowercase: true, stripAccents: true);
        var preprocessor = (TokenizerPreprocessor)Create(vocabulary, length: 3, lowercase: true, stripAccents: true);
        var word = string.Concat(Enumerable.Repeat("😀", length));

        var pieces = preprocessor.Pieces(word, int.MaxValue).Select(id => (long)id);

        Assert.Equal(isSame, pieces.SequenceEqual(reference.Encode(word)[1..^1]));
        Assert.Equal(length > 50 ? [1L] : [4L, .. Enumerable.Repeat(5L, length - 1)], pieces);
    }

    private static string Between(int value) => $"a{new Rune(value)}b";

    private static bool IsKnownMark(int value) =>
        Rune.IsPunctuation(new Rune(value)) || CharUnicodeInfo.GetUnicodeCategory(value) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark;

    private IPreprocessor Create(IReadOnlyList<string> vocabulary, int length, bool lowercase, bool stripAccents)
    {
        var file = Encoding.UTF8.GetBytes(string.Join('\n', vocabulary));
        File.WriteAllBytes(_scratch.At("vocab.txt"), file);
        var options = JsonSerializer.SerializeToElement(new
        {
            kind = "tokenizer",
            type = "wordpiece",
            vocabulary = "vocab.txt",
            vocabularySha256 = Convert.ToHexStringLower(SHA256.HashData(file)),
            length,
            lowercase,
            stripAccents,
        });
        return TokenizerPreprocessor.Create(
            new PreprocessorContext(options, _scratch.Path, new MediaOptions()), (key, what) => Assert.Fail($"{key} {what}"))!;
    }
}
