using System.Text;
using Multimodal.Inference.Media;
using Multimodal.Inference.Text.Features;

namespace Multimodal.Inference.Tests.Text.Features;

public sealed class TextFeaturesTests
{
    private static readonly MediaOptions Limits = new();

    [Fact]
    public void Names_All_AreUniqueAndPrefixed()
    {
        Assert.Equal(TextFeatures.Names.Count, TextFeatures.Names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(TextFeatures.Names, name => Assert.StartsWith("text.", name, StringComparison.Ordinal));
    }

    // A feature, a text with a larger value, and a text with a smaller value.
    [Theory]
    [InlineData("text.log-length", "the answer is seven", "seven")]
    [InlineData("text.log-words", "the answer is seven", "theanswerisseven")]
    [InlineData("text.mean-word-length", "quatre cinquante", "a b c d e")]
    [InlineData("text.uppercase", "SEVEN", "seven")]
    [InlineData("text.vowels", "aioe", "xkrtz")]
    [InlineData("text.repeated", "seeeeven", "seven")]
    [InlineData("text.digit-runs", "7 and 8", "seven and 8")]
    [InlineData("text.longest-digit-run", "1999", "1 9 9 9")]
    [InlineData("text.one-digit", "no. 7", "no. 77")]
    [InlineData("text.lone-letters", "no. S", "nos")]
    [InlineData("text.lone-digits", "room 7", "room seven")]
    [InlineData("text.short-end", "room 7", "seven rooms")]
    [InlineData("text.longest-word", "it is seven", "no. 7")]
    [InlineData("text.roman", "VII", "seven")]
    [InlineData("text.leet", "s3v3n", "seven")]
    [InlineData("text.ascii-digit", "77", "٧٧")]
    [InlineData("text.other-digit", "٧٧", "77")]
    [InlineData("text.other-digit", "Ⅶ ⑦ ⁷", "VII (7) 7")]
    [InlineData("text.latin", "fünf", "пять")]
    [InlineData("text.cyrillic", "пять", "fünf")]
    [InlineData("text.greek", "πέντε", "fünf")]
    [InlineData("text.cjk", "七つ 칠", "seven")]
    [InlineData("text.arabic", "سبعة", "seven")]
    [InlineData("text.indic", "सात", "seven")]
    [InlineData("text.other-letter", "שבע", "seven")]
    [InlineData("text.punctuation", "(7)...", "7")]
    [InlineData("text.symbol", "7 + $ =", "7")]
    [InlineData("text.space", "a b c", "abc")]
    [InlineData("text.other", "7\uFE0F\u20E3", "7")]
    public void TryCompute_LargerText_HasALargerValue(string name, string more, string less)
    {
        var index = TextFeatures.Names.ToList().IndexOf(name);
        Assert.InRange(Compute(more)[index], Compute(less)[index] + 0.01f, 4);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("\u0301")]
    [InlineData("the answer is seven")]
    [InlineData("7️⃣ 👩‍🚀 ٧ ७ 七 Ⅶ")]
    public void TryCompute_AnyText_IsInRange(string text)
    {
        var values = Compute(text);
        Assert.All(values, value => Assert.InRange(value, -4, 4));
        var grams = values.Where((_, i) => TextFeatures.Names[i].StartsWith("text.gram-", StringComparison.Ordinal)).ToArray();
        Assert.Equal(32, grams.Length);
        Assert.Equal(1, grams.Sum(value => value * value), 1e-5);
        var shares = Enum.GetValues<CharacterClass>().Length;
        Assert.Equal(1, values.Skip(15).Take(shares).Sum(), 1e-5);
    }

    [Fact]
    public void TryCompute_LongestText_IsInRange()
    {
        var values = Compute(string.Concat(Enumerable.Repeat("sieben٧", 2340)));
        Assert.All(values, value => Assert.InRange(value, -4, 4));
    }

    [Fact]
    public void TryCompute_Grams_ArePinned()
    {
        // The expected buckets come from an independent script. Trained gates depend on the hash.
        var values = Compute("seven");
        var grams = Enumerable.Range(0, values.Length).Where(i => TextFeatures.Names[i].StartsWith("text.gram-", StringComparison.Ordinal));
        Assert.Equal(PinnedGrams, string.Join(' ', grams.Where(i => values[i] != 0).Select(i => $"{i}:{(values[i] > 0 ? '+' : '-')}")));
    }

    [Fact]
    public void TryCompute_InvalidText_ReturnsTheFailureOfTheDecoder()
    {
        Assert.False(TextFeatures.TryCompute([0x80], Limits, new float[TextFeatures.Names.Count], out var failure));
        Assert.Equal(MediaFailureCode.Undecodable, failure.Code);
    }

    private const string PinnedGrams = "28:- 30:- 31:+ 32:- 33:+ 35:+ 36:+ 45:+ 49:- 51:- 56:- 57:- 59:+";

    private static float[] Compute(string text)
    {
        var values = new float[TextFeatures.Names.Count];
        values.AsSpan().Fill(float.NaN);
        Assert.True(TextFeatures.TryCompute(Encoding.UTF8.GetBytes(text), Limits, values, out var failure), failure?.Detail);
        return values;
    }
}
