using System.Text;
using Multimodal.Pipeline.Gateway.Encodings;

namespace Multimodal.Pipeline.Tests.Gateway.Encodings;

public sealed class UnpairedSurrogatesTests
{
    [Theory]
    [InlineData("", -1)]
    [InlineData("plain", -1)]
    [InlineData("""\u0041 \n \" \\ud800""", -1)]
    [InlineData("""\ud83d\ude00""", -1)]
    [InlineData("""\uD83D\uDE00\u""", -1)]
    [InlineData("""\""", -1)]
    [InlineData("""ab\ud800""", 2)]
    [InlineData("""\ud800\u0041""", 0)]
    [InlineData("""\\\ud800""", 2)]
    [InlineData("""\udc00\ud800""", 0)]
    [InlineData("""\ud83d\ude00\ude00""", 12)]
    [InlineData("""\ud800\ud83d\ude00""", 0)]
    public void Find_Text_ReturnsTheFirst(string json, int expected) =>
        Assert.Equal(expected, UnpairedSurrogates.Find(Encoding.UTF8.GetBytes(json)));
}
