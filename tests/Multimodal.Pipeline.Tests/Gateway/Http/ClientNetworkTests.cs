using System.Net;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Tests.Gateway.Http;

public sealed class ClientNetworkTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void Of_Address_IsTheSubscriber(string address, string expected) =>
        Assert.Equal(IPAddress.Parse(expected), ClientNetwork.Of(IPAddress.Parse(address)));

    [Fact]
    public void Of_NoAddress_IsNone() => Assert.Equal(IPAddress.None, ClientNetwork.Of(null));
}
