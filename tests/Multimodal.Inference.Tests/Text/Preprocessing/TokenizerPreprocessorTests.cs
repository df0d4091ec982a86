using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;
using Multimodal.Testing;

namespace Multimodal.Inference.Tests.Text.Preprocessing;

public sealed class TokenizerPreprocessorTests : IDisposable
{
    // The ids start at 0. [PAD] is not the first, to test that its id is looked up.
    private const string Pieces = "[UNK] [CLS] [SEP] [PAD] seven ##th ##s the é e ! _ 七 क ##ि";
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("seven", "", "4")]
    [InlineData("the sevenths", "", "7 4 5 6")]
    [InlineData("The SEVEN", ""","lowercase":true""", "7 4")]
    [InlineData("The SEVEN", "", "0 0")]
    [InlineData("é É", "", "8 0")]
    [InlineData("é É", ""","lowercase":true""", "9 9")]
    [InlineData("é É", ""","lowercase":true,"stripAccents":false""", "8 8")]
    [InlineData("é É", ""","stripAccents":true""", "9 0")]
    [InlineData("e\u0301", "", "8")]
    [InlineData("seven\nseven\tseven\u00A0seven\u2003seven", "", "4 4 4 4 4")]
    [InlineData("seven!the_seven", "", "4 10 7 11 4")]
    [InlineData("se\u200Bve\u00ADn\uFEFF", "", "4")]
    [InlineData("seven七seven", "", "4 12 4")]
    [InlineData("七七", ""","splitCjk":false""", "0")]
    [InlineData("कि", "", "13 14")]
    [InlineData("seven😀 😀", "", "0 0")]
    [InlineData("the unseen seven", "", "7 0 4")]
    [InlineData("[SEP] [PAD]", "", "0 0 0 0 0 0")]
    [InlineData("seven\uE000s", "", "4 6")]
    public void TryPrepare_Text_WritesTheExpectedPieces(string text, string options, string expected)
    {
        var ids = Prepare(Create(12, options), text);

        long[] pieces = [.. expected.Split(' ').Select(long.Parse)];
        Assert.Equal([1, .. pieces, 2, .. Enumerable.Repeat(3L, 10 - pieces.Length)], ids);
    }

    [Theory]
    [InlineData("the seven the seven", new long[] { 1, 7, 4, 7, 2 })]
    [InlineData("the the sevenths", new long[] { 1, 7, 7, 4, 2 })]
    [InlineData("the the the", new long[] { 1, 7, 7, 7, 2 })]
    [InlineData("the the", new long[] { 1, 7, 7, 2, 3 })]
    public void TryPrepare_LongText_KeepsTheFirstPiecesAndTheControlTokens(string text, long[] expected) =>
        Assert.Equal(expected, Prepare(Create(5), text));

    [Fact]
    public void TryPrepare_WordsAbove100Units_AreUnknown()
    {
        var preprocessor = Create(5);

        Assert.Equal([1, 0, 4, 2, 3], Prepare(preprocessor, new string('x', 30_000 / 3) + " seven"));
        // "seven" with 47 endings has 99 letters, with 48 it has 101.
        var ofPieces = Create(64);
        Assert.Equal(48, Prepare(ofPieces, "seven" + string.Concat(Enumerable.Repeat("th", 47))).Count(id => id is 4 or 5));
        Assert.Equal([1, 0, 2], Prepare(ofPieces, "seven" + string.Concat(Enumerable.Repeat("th", 48)))[..3]);
    }

    [Theory]
    [InlineData("\uE000\uE001")]
    [InlineData("a\u0301")]
    public void TryPrepare_UsedRow_IsCompletelyOverwritten(string text)
    {
        var preprocessor = Create(6);
        var row = new byte[preprocessor.Row.ByteLength];
        row.AsSpan().Fill(0xFF);

        Assert.True(preprocessor.TryPrepare(new MediaContent(Encoding.UTF8.GetBytes("the " + text)), row, out _));

        Assert.DoesNotContain(-1, MemoryMarshal.Cast<byte, long>(row).ToArray());
    }

    [Theory]
    [InlineData("\uE000\uF8FF", MediaFailureCode.Undecodable)]
    [InlineData(" \u200B ", MediaFailureCode.Empty)]
    [InlineData("", MediaFailureCode.Empty)]
    [InlineData("a\0b", MediaFailureCode.UnsupportedType)]
    public void TryPrepare_NothingToTokenize_IsRefused(string text, MediaFailureCode expected)
    {
        var preprocessor = Create(6);

        Assert.False(preprocessor.TryPrepare(new MediaContent(Encoding.UTF8.GetBytes(text)), new byte[preprocessor.Row.ByteLength], out var failure));

        Assert.Equal(expected, failure.Code);
    }

    [Fact]
    public async Task TryPrepare_FromManyThreads_WritesTheCorrectRows()
    {
        var preprocessor = Create(12);
        string[] texts = ["the seven", "sevenths", "é !", "unseen", "七 the"];
        long[][] expected = [.. texts.Select(text => Prepare(preprocessor, text))];

        var rows = await Task.WhenAll(
            Enumerable.Range(0, 400).Select(i => Task.Run(() => (i, Prepare(preprocessor, texts[i % texts.Length])))));

        Assert.All(rows, row => Assert.Equal(expected[row.i % texts.Length], row.Item2));
    }

    public static TheoryData<string, string, string> OptionErrors => new()
    {
        { """{"kind":"tokenizer"}""", "length type vocabulary vocabularySha256", "is missing" },
        { Options("\"type\":\"bpe\"", "type"), "type", "one of: wordpiece" },
        { Options("\"length\":2", "length"), "length", "at least 3 and at most 4096" },
        { Options("\"length\":4097", "length"), "length", "at least 3 and at most 4096" },
        { Options("\"length\":7.5", "length"), "length", "must be an integer" },
        { Options("\"vocabulary\":\"../vocab.txt\"", "vocabulary"), "vocabulary", "inside the package's folder" },
        { Options("\"vocabulary\":\"/etc/hostname\"", "vocabulary"), "vocabulary", "inside the package's folder" },
        { Options("\"vocabulary\":\"words.txt\"", "vocabulary"), "vocabulary", "not in the folder" },
        { Options("\"vocabulary\":\" \"", "vocabulary"), "vocabulary", "must not be blank" },
        { Options("\"vocabularySha256\":\"AB\"", "vocabularySha256"), "vocabularySha256", "64 lower-case" },
        { Options($"\"vocabularySha256\":\"{new string('0', 64)}\"", "vocabularySha256"), "vocabularySha256", "does not match vocab.txt" },
        { Options("\"lowercase\":\"yes\"", "lowercase"), "lowercase", "true or false" },
        { Options("\"stripAccents\":1", ""), "stripAccents", "true or false" },
        { Options("\"splitCjk\":[]", ""), "splitCjk", "true or false" },
        { Options("\"pad\":0", ""), "pad", "is not known" },
    };

    [Theory]
    [MemberData(nameof(OptionErrors))]
    public void Create_InvalidOptions_ReportsAllKeys(string options, string keys, string part)
    {
        WriteVocabulary(Encoding.UTF8.GetBytes(Pieces.Replace(' ', '\n')));

        var problems = Problems(options);

        Assert.Equal(keys.Split(' '), problems.Select(problem => problem.Key).Order(StringComparer.Ordinal));
        Assert.All(problems, problem => Assert.Contains(part, problem.Text, StringComparison.Ordinal));
    }

    public static TheoryData<string, byte[], string> InvalidVocabularies => new()
    {
        { "no bytes", [], "is empty" },
        { "blank lines", "\n \n"u8.ToArray(), "is empty" },
        { "no control tokens", "seven\nthe"u8.ToArray(), "lacks [UNK], [CLS], [SEP], [PAD]." },
        { "no padding", "[UNK]\n[CLS]\n[SEP]\nseven"u8.ToArray(), "lacks [PAD]." },
        { "control tokens in small letters", "[unk]\n[CLS]\n[SEP]\n[PAD]"u8.ToArray(), "lacks [UNK]." },
        { "duplicate piece", "[UNK]\n[CLS]\n[SEP]\n[PAD]\nseven\nseven"u8.ToArray(), "repeats an earlier word piece on line 6." },
        {
            "seven duplicate pieces",
            Encoding.UTF8.GetBytes("[UNK]\n[CLS]\n[SEP]\n[PAD]" + string.Concat(Enumerable.Repeat("\nx", 8))),
            "on line 6, 7, 8, 9, 10 and 2 more."
        },
        { "a blank line inside", "[UNK]\n[CLS]\n\n[SEP]\n[PAD]"u8.ToArray(), "is blank on line 3." },
        { "Latin-1", [.. "[UNK]\n[CLS]\n[SEP]\n[PAD]\n"u8, 0xE9], "must be UTF-8." },
        { "UTF-16", Encoding.Unicode.GetBytes("\uFEFF[UNK]\n[CLS]\n[SEP]\n[PAD]\n"), "must be UTF-8." },
    };

    [Theory]
    [MemberData(nameof(InvalidVocabularies))]
    public void Create_InvalidVocabulary_IsReportedAtItsKey(string error, byte[] vocabulary, string part)
    {
        WriteVocabulary(vocabulary);

        var problem = Assert.Single(Problems(Options("", "", Sha256(vocabulary))));

        Assert.True(problem.Key == "vocabulary" && problem.Text.Contains(part, StringComparison.Ordinal), $"{error}: {problem}");
    }

    [Fact]
    public void Create_VocabularyAboveSixteenMebibytes_IsReportedAtItsKey()
    {
        var file = new byte[(16 * 1024 * 1024) + 1];
        WriteVocabulary(file);

        var problem = Assert.Single(Problems(Options("", "", Sha256(file))));

        Assert.Equal(("vocabulary", "vocab.txt has 16777217 bytes; the limit is 16777216 bytes."), problem);
    }

    [Theory]
    [InlineData("\r\n", "")]
    [InlineData("\n", "\n")]
    [InlineData("\n", "", true)]
    public void Create_LineEndsAndByteOrderMark_AreNotPartOfThePieces(string end, string last, bool hasMark = false)
    {
        var text = Pieces.Replace(" ", end, StringComparison.Ordinal) + last;
        byte[] file = [.. hasMark ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text)];
        WriteVocabulary(file);

        var preprocessor = PreprocessorTable.ByKind["tokenizer"](
            Context(Options("", "", Sha256(file))), (key, problem) => Assert.Fail($"{key} {problem}"))!;

        Assert.Equal([1, 0, 4, 2, 3, 3, 3], Prepare(preprocessor, "unseen seven"));
    }

    private static string Options(string extra, string without, string? sha256 = null)
    {
        var options = new JsonObject
        {
            ["kind"] = "tokenizer",
            ["type"] = "wordpiece",
            ["vocabulary"] = "vocab.txt",
            ["vocabularySha256"] = sha256 ?? Sha256(Encoding.UTF8.GetBytes(Pieces.Replace(' ', '\n'))),
            ["length"] = 7,
        };
        options.Remove(without);
        var text = options.ToJsonString();
        return extra.Length == 0 ? text : text[..^1] + "," + extra.TrimStart(',') + "}";
    }

    private static string Sha256(byte[] file) => Convert.ToHexStringLower(SHA256.HashData(file));

    private void WriteVocabulary(byte[] file) => File.WriteAllBytes(_scratch.At("vocab.txt"), file);

    private PreprocessorContext Context(string options) => new(JsonDocument.Parse(options).RootElement, _scratch.Path, new MediaOptions());

    private List<(string Key, string Text)> Problems(string options)
    {
        var problems = new List<(string Key, string Text)>();
        Assert.Null(PreprocessorTable.ByKind["tokenizer"](Context(options), (key, text) => problems.Add((key, text))));
        return problems;
    }

    private IPreprocessor Create(int length, string options = "")
    {
        WriteVocabulary(Encoding.UTF8.GetBytes(Pieces.Replace(' ', '\n')));
        var made = PreprocessorTable.ByKind["tokenizer"](
            Context(Options($"\"length\":{length}{options}", "length")), (key, problem) => Assert.Fail($"{key} {problem}"));
        return Assert.IsAssignableFrom<IPreprocessor>(made);
    }

    private static long[] Prepare(IPreprocessor preprocessor, string text)
    {
        var row = new byte[preprocessor.Row.ByteLength];
        Assert.True(preprocessor.TryPrepare(new MediaContent(Encoding.UTF8.GetBytes(text)), row, out var failure), failure?.Detail);
        return MemoryMarshal.Cast<byte, long>(row).ToArray();
    }
}
