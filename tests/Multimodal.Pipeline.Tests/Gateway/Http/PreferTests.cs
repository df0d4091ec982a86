using Microsoft.Extensions.Primitives;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Tests.Gateway.Http;

public sealed class PreferTests
{
    [Theory]
    [InlineData("wait=5", 5)]
    [InlineData("respond-async, wait=10", 10)]
    [InlineData("Wait = 7 ; x=1", 7)]
    [InlineData("wait=\"3\"", 3)]
    [InlineData("wait=0", 0)]
    [InlineData("wait=5, wait=9", 5)]
    [InlineData("wait=-1", null)]
    [InlineData("wait=1.5", null)]
    [InlineData("wait", null)]
    [InlineData("wait=99999999999", null)]
    [InlineData("handling=lenient", null)]
    [InlineData("", null)]
    public void WaitSeconds_Header_IsReadOrIgnored(string header, int? seconds) => Assert.Equal(seconds, Prefer.WaitSeconds(header));

    [Fact]
    public void WaitSeconds_SeveralLines_AreRead() => Assert.Equal(4, Prefer.WaitSeconds(new StringValues(["respond-async", "wait=4"])));
}
