using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Text;

namespace Multimodal.Inference.Tests.Text.Preprocessing;

public sealed class CharactersPreprocessorTests
{
    private static readonly MediaOptions Limits = new();

    // Ids: a 1, b 2, c 3, space 4, 7 5; other characters 6 to 9 (four buckets).
    private const string Plain = """{"kind":"characters","length":6,"alphabet":"abc 7","buckets":4}""";

    [Theory]
    [InlineData("", "abc", new long[] { 1, 2, 3, 0, 0, 0 })]
    [InlineData("", "  a \t\r\n b  ", new long[] { 1, 4, 2, 0, 0, 0 })]
    [InlineData("", "abcabcabc", new long[] { 1, 2, 3, 1, 2, 3 })]
    [InlineData("", "a\u200Bb\u00ADc", new long[] { 1, 2, 3, 0, 0, 0 })]
    [InlineData("", "a\u00A0b", new long[] { 1, 4, 2, 0, 0, 0 })]
    [InlineData(""","lowercase":true""", "ABC", new long[] { 1, 2, 3, 0, 0, 0 })]
    [InlineData(""","foldDigits":true""", "٧७７⁷⑦Ⅶ", new long[] { 5, 5, 5, 5, 5, 5 })]
    [InlineData(""","foldDigits":true""", "\U0001D7D5\u276C7\u2084", new long[] { 5, -0x276C, 5, -'4', 0, 0 })]
    [InlineData(""","normalise":"NFKC" """, "７ⓐ", new long[] { 5, 1, 0, 0, 0, 0 })]
    [InlineData(""","stripMarks":true""", "á7\uFE0F\u20E3", new long[] { 1, 5, 0, 0, 0, 0 })]
    [InlineData(""","stripMarks":true,"lowercase":true""", "Ǎ\u0307B", new long[] { 1, 2, 0, 0, 0, 0 })]
    [InlineData(""","window":"ends" """, "abcccccccbc", new long[] { 1, 2, 3, 3, 2, 3 })]
    [InlineData(""","window":"head" """, "aaaaaaaab7", new long[] { 1, 1, 1, 1, 1, 1 })]
    [InlineData(""","window":"digit" """, "aaaaaaaab7ccccccc", new long[] { 2, 5, 3, 3, 3, 3 })]
    [InlineData(""","window":"digit" """, "aaaaaaaab7c", new long[] { 1, 1, 1, 2, 5, 3 })]
    [InlineData(""","window":"digit" """, "7aaaaaaaaaa", new long[] { 5, 1, 1, 1, 1, 1 })]
    [InlineData(""","window":"digit" """, "abcabcabcabc", new long[] { 1, 2, 3, 1, 2, 3 })]
    [InlineData("", "a😀b", new long[] { 1, -0x1F600, 2, 0, 0, 0 })]
    [InlineData("", "é", new long[] { -0xE9, 0, 0, 0, 0, 0 })]
    public void TryPrepare_Text_WritesTheExpectedIds(string options, string text, long[] expected)
    {
        var preprocessor = Create(Plain.Replace("}", options + "}", StringComparison.Ordinal));
        Assert.Equal(TensorElement.Int64, preprocessor.Row.Element);
        Assert.Equal([6], preprocessor.Row.Shape);
        // A negative number is a scalar value that is not in the alphabet.
        var ids = expected.Select(id => id < 0 ? Bucket((int)-id) : id);
        Assert.Equal(ids, Prepare(preprocessor, text));
    }

    [Fact]
    public void TryPrepare_UnknownCharacters_ShareBucketsByHash()
    {
        var ids = Prepare(Create(Plain), "xyxzw");
        Assert.Equal(ids[0], ids[2]);
        Assert.All(ids[..5], id => Assert.InRange(id, 6, 9));
        Assert.Equal([Bucket('x'), Bucket('y'), Bucket('x'), Bucket('z'), Bucket('w'), 0], ids);
    }

    [Theory]
    [InlineData("", 0x811c9dc5u)]
    [InlineData("a", 0xe40c292cu)]
    [InlineData("foobar", 0xbf9cf968u)]
    public void Add_ReferenceStrings_HaveThePublishedHashes(string text, uint expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetBytes(text).Aggregate(Fnv1a.Start, Fnv1a.Add));

    [Fact]
    public void TryPrepare_InvalidText_ReturnsTheFailureOfTheDecoder()
    {
        var preprocessor = Create(Plain);
        Assert.False(preprocessor.TryPrepare(new MediaContent(new byte[] { 0x80 }), new byte[preprocessor.Row.ByteLength], out var failure));
        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
    }

    [Fact]
    public void TryPrepare_UsedRow_IsCompletelyOverwritten()
    {
        var preprocessor = Create(Plain);
        var row = new byte[preprocessor.Row.ByteLength];
        row.AsSpan().Fill(0xFF);
        Assert.True(preprocessor.TryPrepare(new MediaContent("a"u8.ToArray()), row, out _));
        Assert.Equal([1, 0, 0, 0, 0, 0], MemoryMarshal.Cast<byte, long>(row).ToArray());
    }

    [Theory]
    [InlineData("""{"kind":"characters"}""", "length,buckets,alphabet")]
    [InlineData("""{"kind":"characters","length":0,"alphabet":"a","buckets":1}""", "length")]
    [InlineData("""{"kind":"characters","length":4097,"alphabet":"a","buckets":1}""", "length")]
    [InlineData("""{"kind":"characters","length":"6","alphabet":"a","buckets":1.5}""", "length,buckets")]
    [InlineData("""{"kind":"characters","length":6,"alphabet":"","buckets":0}""", "buckets,alphabet")]
    [InlineData("""{"kind":"characters","length":6,"alphabet":"aba","buckets":1}""", "alphabet")]
    [InlineData("""{"kind":"characters","length":6,"alphabet":7,"buckets":1}""", "alphabet")]
    [InlineData("""{"kind":"characters","length":6,"alphabet":"a","buckets":1,"normalise":"nfc","window":"middle"}""", "normalise,window")]
    [InlineData(
        """{"kind":"characters","length":6,"alphabet":"a","buckets":1,"lowercase":"yes","foldDigits":1,"stripMarks":[]}""",
        "foldDigits,stripMarks,lowercase")]
    [InlineData("""{"kind":"characters","length":6,"alphabet":"a","buckets":1,"Lowercase":true,"pad":1}""", "Lowercase,pad")]
    public void Create_InvalidOptions_ReportsAllKeys(string json, string keys)
    {
        var reported = new List<string>();
        var preprocessor = PreprocessorTable.ByKind["characters"](
            new PreprocessorContext(JsonDocument.Parse(json).RootElement, ".", Limits),
            (key, problem) =>
            {
                Assert.NotEmpty(problem);
                reported.Add(key);
            });
        Assert.Null(preprocessor);
        Assert.Equal(keys.Split(','), reported);
    }

    private static long Bucket(int scalar)
    {
        var hash = 2166136261u;
        for (var shift = 0; shift < 32; shift += 8)
        {
            hash = unchecked((hash ^ (uint)((scalar >> shift) & 0xFF)) * 16777619u);
        }

        return 6 + (hash % 4);
    }

    private static IPreprocessor Create(string json)
    {
        var preprocessor = PreprocessorTable.ByKind["characters"](
            new PreprocessorContext(JsonDocument.Parse(json).RootElement, ".", Limits), (key, problem) => Assert.Fail($"{key} {problem}"));
        Assert.NotNull(preprocessor);
        return preprocessor;
    }

    private static long[] Prepare(IPreprocessor preprocessor, string text)
    {
        var row = new byte[preprocessor.Row.ByteLength];
        Assert.True(preprocessor.TryPrepare(new MediaContent(Encoding.UTF8.GetBytes(text)), row, out var failure), failure?.Detail);
        return MemoryMarshal.Cast<byte, long>(row).ToArray();
    }
}
