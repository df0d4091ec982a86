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

/// <summary>Compares the ids with those of the tokenizer that models are trained with.</summary>
public sealed class TokenizerReferenceTests : IDisposable
{
    private const string Unavailable = "The tokenizers library of Hugging Face is available to the tests on linux-x64 only.";
    private const int Texts = 400;
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void TryPrepare_TextsInManyScripts_HaveTheIdsOfTheReference(bool lowercase, bool stripAccents)
    {
        Assert.SkipUnless(ReferenceTokenizer.IsAvailable, Unavailable);
        var texts = new ScriptTexts(seed: 7);
        var vocabulary = texts.Vocabulary();
        using var reference = new ReferenceTokenizer(_scratch.Path, vocabulary, lowercase, stripAccents);
        var preprocessor = Create(vocabulary, length: 2048, lowercase, stripAccents);
        var row = new byte[preprocessor.Row.ByteLength];
        var (known, unknown, differing) = (0, 0, new List<string>());

        foreach (var text in texts.Take(Texts))
        {
            Assert.True(preprocessor.TryPrepare(new MediaContent(Encoding.UTF8.GetBytes(text)), row, out var failure), failure?.Detail);
            var ids = MemoryMarshal.Cast<byte, long>(row).ToArray();

            // The preprocessor gets text in NFC. The reference normalizes only to strip accents.
            var expected = reference.Encode(stripAccents ? text : text.Normalize(NormalizationForm.FormC));
            if (!ids.AsSpan(0, expected.Length).SequenceEqual(expected) || ids.Skip(expected.Length).Any(id => id != 0))
            {
                var actual = string.Join(' ', ids.Take(expected.Length));
                differing.Add($"{JsonSerializer.Serialize(text)}: {actual} instead of {string.Join(' ', expected)}");
            }

            known += expected.Count(id => id > 3);
            unknown += expected.Count(id => id == 1);
        }

        Assert.True(differing.Count == 0, string.Join(Environment.NewLine, differing));
        Assert.True(
            known > 5 * Texts && unknown > Texts,
            $"The texts must use the vocabulary, but have {known} known pieces and {unknown} unknown words.");
    }

    /// <summary>
    /// Each Unicode scalar value between two letters is removed, a space, a separate word or part of the word. The reference differs in two
    /// ways. It uses the categories of Unicode 8, so it treats marks, format and punctuation characters of later versions as part of a word.
    /// Four older characters have changed their category since. Its table of Chinese characters starts Extension E at U+2B920; Unicode and
    /// the original code of BERT start it at U+2B820.
    /// </summary>
    [Theory]
    [InlineData(true, 900)]
    [InlineData(false, 450)]
    public void Pieces_AnyScalar_IsTreatedAsInTheReference(bool lowercase, int maxDifferences)
    {
        Assert.SkipUnless(ReferenceTokenizer.IsAvailable, Unavailable);
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

        bool IsSame(string text) =>
            preprocessor.Pieces(text, int.MaxValue).Select(id => (long)id).SequenceEqual(reference.Encode(text)[1..^1]);
        Assert.All(differing, value => Assert.True(
            changed.Contains(value)
                || value is >= 0x2B820 and < 0x2B920
                || (IsKnownMark(value) && reference.Encode(Between(value)).Length == 3),
            $"U+{value:X4} {CharUnicodeInfo.GetUnicodeCategory(value)}"));
        Assert.InRange(differing.Count, 256, maxDifferences);
    }

    /// <summary>
    /// The longest word has 100 UTF-16 units, and in the reference 100 characters. Characters above the basic plane have two units.
    /// </summary>
    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public void Pieces_WordAboveTheBasicPlane_IsUnknownFrom51Characters(int length, bool isSame)
    {
        Assert.SkipUnless(ReferenceTokenizer.IsAvailable, Unavailable);
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
        Rune.IsPunctuation(new Rune(value))
        || CharUnicodeInfo.GetUnicodeCategory(value) is UnicodeCategory.Format or UnicodeCategory.NonSpacingMark;

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
            new PreprocessorContext(options, _scratch.Path, new MediaOptions()), (key, problem) => Assert.Fail($"{key} {problem}"))!;
    }
}
