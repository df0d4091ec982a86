using System.Globalization;
using System.Text;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Inference.Text;
using Multimodal.Inference.Text.Decoding;

namespace Multimodal.Inference.Tests.Text.Decoding;

public sealed class TextDecodingTests
{
    private static readonly MediaOptions Limits = new();

    // Name, bytes in hexadecimal, decoded text, and number of characters before normalization.
    public static TheoryData<string, string, string, int> Valid => new()
    {
        { "ascii", Hex("seven"), "seven", 5 },
        { "one digit", Hex("7"), "7", 1 },
        { "cr lf tab", Hex("a\r\n\tb"), "a\r\n\tb", 5 },
        { "spaces", Hex("  7 "), "  7 ", 4 },
        { "utf-8 byte order mark", "EFBBBF" + Hex("7"), "7", 1 },
        { "utf-16 little endian", "FFFE37000A00", "7\n", 2 },
        { "utf-16 big endian", "FEFF0037", "7", 1 },
        { "utf-16 surrogate pair", "FFFE" + Convert.ToHexString(Encoding.Unicode.GetBytes("😀7")), "😀7", 2 },
        { "utf-16 big endian pair", "FEFF" + Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes("😀")), "😀", 1 },
        { "composed", Hex("fünf"), "fünf", 4 },
        { "decomposed", Hex("fu\u0308nf"), "fünf", 5 },
        { "arabic-indic digit", Hex("٧"), "٧", 1 },
        { "devanagari", Hex("सात"), "सात", 3 },
        { "keycap emoji", Hex("7\uFE0F\u20E3"), "7\uFE0F\u20E3", 3 },
        { "family emoji with joiners", Hex("👩\u200D👩\u200D👧"), "👩\u200D👩\u200D👧", 5 },
        { "hangul jamo", Hex("\u110E\u1175\u11AF"), "칠", 3 },
        { "singleton: angstrom sign", Hex("\u212B"), "Å", 1 },
        { "compatibility forms", Hex("７①"), "７①", 2 },
        { "one control character", Hex("a\u0007"), "a\u0007", 2 },
        { "escape sequences in a long text", Hex("\u001b[1mthe answer is seven\u001b[0m"), "\u001b[1mthe answer is seven\u001b[0m", 27 },
        { "private use", Hex("\uE000"), "\uE000", 1 },
        { "unassigned plane", Hex("\U000E0FFF7"), "\U000E0FFF7", 2 },
        { "noncharacter FFFE", "EFBFBE37", "\uFFFD7", 2 },
        { "noncharacter FFFF", "EFBFBF37", "\uFFFF7", 2 },
        { "only a combining mark", Hex("\u0301"), "\u0301", 1 },
        { "right to left with marks", Hex("\u200Fسبعة"), "\u200Fسبعة", 5 },
    };

    public static TheoryData<string, string, MediaFailureCode> Invalid => new()
    {
        { "no bytes", "", MediaFailureCode.Empty },
        { "nul byte", Hex("seven\0"), MediaFailureCode.UnsupportedType },
        { "nul in utf-16", "FFFE37000000", MediaFailureCode.UnsupportedType },
        { "utf-32 little endian", "FFFE000037000000", MediaFailureCode.UnsupportedType },
        { "utf-32 big endian", "0000FEFF00000037", MediaFailureCode.UnsupportedType },
        { "utf-16 without a mark", "73006500", MediaFailureCode.UnsupportedType },
        { "control characters", "0102030405060708", MediaFailureCode.UnsupportedType },
        { "png", "89504E470D0A1A0A0000000D49484452", MediaFailureCode.UnsupportedType },
        { "jpeg", "FFD8FFE000104A46494600010100", MediaFailureCode.UnsupportedType },
        { "wav", "524946462400000057415645666D7420", MediaFailureCode.UnsupportedType },
        { "c1 control characters", Hex("\u0081\u0082\u0083ab"), MediaFailureCode.UnsupportedType },
        { "latin-1", "66FC6E66", MediaFailureCode.Undecodable },
        { "truncated in a character", "66C3", MediaFailureCode.Undecodable },
        { "lone continuation", "80", MediaFailureCode.Undecodable },
        { "overlong slash", "C0AF", MediaFailureCode.Undecodable },
        { "overlong in three bytes", "E080AF", MediaFailureCode.Undecodable },
        { "surrogate in utf-8", "EDA0BD", MediaFailureCode.Undecodable },
        { "surrogate pair in utf-8", "EDA0BDEDB880", MediaFailureCode.Undecodable },
        { "above 10FFFF", "F4908080", MediaFailureCode.Undecodable },
        { "five-byte form", "F888808080", MediaFailureCode.Undecodable },
        { "lone high surrogate in utf-16", "FFFE3DD837", MediaFailureCode.Undecodable },
        { "high surrogate before a letter", "FFFE3DD83700", MediaFailureCode.Undecodable },
        { "lone low surrogate in utf-16", "FEFFDC00", MediaFailureCode.Undecodable },
        { "odd length of utf-16", "FFFE370037", MediaFailureCode.Undecodable },
    };

    public static TheoryData<string, string> Blank => new()
    {
        { "only a utf-8 byte order mark", "EFBBBF" },
        { "only a utf-16 byte order mark", "FFFE" },
        { "one space", "20" },
        { "white space", Hex(" \t\r\n\u00A0\u2003\u3000") },
        { "zero-width characters", Hex("\u200B\u200C\u200D\u2060\uFEFF\u00AD") },
        { "variation selectors", Hex("\uFE0F\U000E0100") },
        { "fillers", Hex("\u3164\u115F\u1160\uFFA0\u2800") },
        { "one control character", "07" },
    };

    /// <summary>A blank text is accepted, so that a request with other parts is answered. Its experts decline it.</summary>
    [Theory]
    [MemberData(nameof(Blank))]
    public void TryDecode_BlankText_IsInspectedAndEmpty(string name, string hex)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.True(TextInspector.TryInspect(bytes, Limits, out _, out _), name);
        Assert.False(TextDecoder.TryDecode(bytes, Limits, out var text, out var failure), name);

        Assert.Null(text);
        Assert.Equal(MediaFailureCode.Empty, failure.Code);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("\u0301")]
    [InlineData("\uE000")]
    [InlineData(" \n7")]
    public void IsBlank_OneVisibleCharacter_IsFalse(string text) => Assert.False(BlankText.IsBlank(text));

    [Theory]
    [MemberData(nameof(Valid))]
    public void TryDecode_ValidText_ReturnsNfc(string name, string hex, string expected, int characters)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.True(TextInspector.TryInspect(bytes, Limits, out var info, out var failure), failure?.Detail);
        Assert.True(TextDecoder.TryDecode(bytes, Limits, out var text, out _));
        Assert.Equal(expected, text);
        Assert.Equal(characters, info.Characters);
        Assert.Equal(bytes.Length, info.Length);
        Assert.Equal(Modality.Text, info.Modality);
        var charset = name.StartsWith("utf-16", StringComparison.Ordinal) ? "utf-16" : "utf-8";
        Assert.Equal($"text/plain; charset={charset}", info.MediaType);
        Assert.True(text.IsNormalized());
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void TryDecode_InvalidText_ReturnsTheCode(string name, string hex, MediaFailureCode expected)
    {
        var bytes = Convert.FromHexString(hex);
        Assert.False(TextInspector.TryInspect(bytes, Limits, out var info, out var failure), name);
        Assert.Null(info);
        Assert.Equal(expected, failure.Code);
        Assert.NotEmpty(failure.Detail);
        Assert.False(TextDecoder.TryDecode(bytes, Limits, out var text, out var again), name);
        Assert.Null(text);
        Assert.Equal(failure, again);
    }

    [Fact]
    public void TryInspect_OneAboveTheLimits_IsRefused()
    {
        var limits = new MediaOptions { TextBytes = 12, TextCharacters = 4 };
        Assert.True(TextInspector.TryInspect(Encoding.UTF8.GetBytes("７７７７"), limits, out var info, out _));
        Assert.Equal(4, info.Characters);

        Assert.False(TextInspector.TryInspect(Encoding.UTF8.GetBytes("77777"), limits, out _, out var characters));
        Assert.Equal(MediaFailureCode.TooLarge, characters.Code);
        Assert.Contains("4 characters", characters.Detail, StringComparison.Ordinal);

        Assert.False(TextInspector.TryInspect(Encoding.UTF8.GetBytes("７７７７7"), limits, out _, out var bytes));
        Assert.Equal(MediaFailureCode.TooLarge, bytes.Code);
        Assert.Contains("12", bytes.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void TryDecode_TenMegabytesOfEmoji_IsRefusedWithoutAllocations()
    {
        var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("👩\u200D🚀", 950_000)));
        Assert.True(bytes.Length > 10_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(TextDecoder.TryDecode(bytes, Limits, out _, out var byBytes));
        Assert.Equal(MediaFailureCode.TooLarge, byBytes.Code);

        var manyBytes = new MediaOptions { TextBytes = 16_777_216 };
        Assert.False(TextDecoder.TryDecode(bytes, manyBytes, out _, out var byCharacters));
        Assert.Equal(MediaFailureCode.TooLarge, byCharacters.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20_000);
    }

    [Fact]
    public void TryDecode_HugeRunOfCombiningMarks_IsSplitIntoShortRuns()
    {
        // A million marks of two combining classes in the wrong order. Sorting them in one run takes minutes.
        var marks = new StringBuilder("a");
        for (var i = 0; i < 500_000; i++)
        {
            marks.Append('\u0301').Append('\u0316');
        }

        var limits = new MediaOptions { TextBytes = 16_777_216, TextCharacters = 4_194_304 };
        Assert.True(TextDecoder.TryDecode(Encoding.UTF8.GetBytes(marks.ToString()), limits, out var text, out _));

        var run = 0;
        foreach (var unit in text)
        {
            run = unit != '\u034F' && CharUnicodeInfo.GetUnicodeCategory(unit) == UnicodeCategory.NonSpacingMark ? run + 1 : 0;
            Assert.InRange(run, 0, 30);
        }
    }

    [Fact]
    public void TryDecode_AllByteValues_DoesNotThrow()
    {
        for (var first = 0; first < 256; first++)
        {
            for (var second = 0; second < 256; second += 5)
            {
                byte[] bytes = [(byte)first, (byte)second, 0x80, 0x41];
                var ok = TextDecoder.TryDecode(bytes, Limits, out var text, out var failure);
                Assert.Equal(ok, text is not null);
                Assert.Equal(ok, failure is null);
            }
        }
    }

    private static string Hex(string text) => Convert.ToHexString(Encoding.UTF8.GetBytes(text));
}
