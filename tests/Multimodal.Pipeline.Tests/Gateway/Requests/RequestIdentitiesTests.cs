using System.Net;
using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Requests;

namespace Multimodal.Pipeline.Tests.Gateway.Requests;

/// <summary>Which requests and clients count as the same.</summary>
public sealed class RequestIdentitiesTests
{
    private static readonly Caller Shop = new("shop", null) { Key = "a1" };

    [Fact]
    public void Of_SameKeyFromAnotherAddress_IsTheSameRequest() =>
        Assert.Equal(Of("10.0.0.1", Caller.Anonymous, "k").Request, Of("10.0.0.2", Caller.Anonymous, "k").Request);

    [Fact]
    public void Of_SameKeyOfAnotherTenant_IsAnotherRequest() =>
        Assert.NotEqual(Of("10.0.0.1", Caller.Anonymous, "k").Request, Of("10.0.0.1", Shop, "k").Request);

    [Fact]
    public void Of_MessageAndCallWithTheSameKey_AreTheSameRequest() =>
        Assert.Equal(RequestIdentities.Of("default", "k").Request, Of("10.0.0.1", Caller.Anonymous, "k").Request);

    [Fact]
    public void Of_WithoutKey_RequestsOfTheSameLengthFromOneAddressAreAlike()
    {
        Assert.Equal(Of("10.0.0.1", Caller.Anonymous, null, 100), Of("10.0.0.1", Caller.Anonymous, null, 100));
        Assert.NotEqual(Of("10.0.0.1", Caller.Anonymous, null, 100).Request, Of("10.0.0.1", Caller.Anonymous, null, 101).Request);
        Assert.NotEqual(Of("10.0.0.1", Caller.Anonymous, null, 100).Request, Of("10.0.0.2", Caller.Anonymous, null, 100).Request);
    }

    [Fact]
    public void Of_ApiKey_IsTheClient()
    {
        Assert.Equal(Of("10.0.0.1", Shop, "k").Client, Of("10.0.0.2", Shop, "other").Client);
        Assert.NotEqual(Of("10.0.0.1", Shop, "k").Client, Of("10.0.0.1", Shop with { Key = "b2" }, "k").Client);
    }

    [Theory]
    [InlineData("2001:db8:1:2::5", "2001:db8:1:2:3::7", true)]
    [InlineData("2001:db8:1:2::5", "2001:db8:1:3::5", false)]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", true)]
    [InlineData("10.0.0.1", "10.0.0.2", false)]
    public void Of_WithoutApiKey_TheAddressIsTheClient(string one, string other, bool isSame) =>
        Assert.Equal(isSame, Of(one, Caller.Anonymous, "k").Client == Of(other, Caller.Anonymous, "k").Client);

    private static RequestIdentity Of(string address, Caller caller, string? key, long length = 100)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        http.Request.ContentLength = length;
        return RequestIdentities.Of(http, caller, key);
    }
}
