using System.Net;
using System.Text;
using Multimodal.Pipeline.Gateway.Webhooks;
using StandardWebhooks;

namespace Multimodal.Pipeline.Tests.Gateway.Webhooks;

public sealed class WebhookTests
{
    /// <summary>The example of the Standard Webhooks libraries.</summary>
    [Fact]
    public void Sign_ReferenceMessage_GivesTheReferenceSignature()
    {
        Assert.True(WebhookSignature.TryReadKey("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", out var key));

        var signature = WebhookSignature.Sign(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("""{"test": 2432232314}"""));

        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signature);
    }

    /// <summary>Keys of every supported length, and bodies with arbitrary characters.</summary>
    [Fact]
    public void Sign_KeysAndBodiesFromASeed_GiveTheLibrarysSignatures()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(24, 65)];
            random.NextBytes(bytes);
            var secret = "whsec_" + Convert.ToBase64String(bytes);
            var body = string.Concat(Enumerable.Range(0, random.Next(0, 300)).Select(_ => new Rune(random.Next(0x20, 0xD800))));
            var (id, sent) = (new Guid(i, 0, 0, new byte[8]).ToString(), DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(0, 4_000_000_000)));
            Assert.True(WebhookSignature.TryReadKey(secret, out var key));

            var signature = WebhookSignature.Sign(key, id, sent.ToUnixTimeSeconds(), Encoding.UTF8.GetBytes(body));

            Assert.Equal(new StandardWebhook(secret).Sign(id, sent, body), signature);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64 at all, not base64 at all")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void TryReadKey_NoSecret_IsRefused(string? secret) => Assert.False(WebhookSignature.TryReadKey(secret, out _));

    [Theory]
    [InlineData("https://example.org/hook?a=b", true)]
    [InlineData("http://93.184.216.34:8080/", true)]
    [InlineData("https://[2606:2800:220:1:248:1893:25c8:1946]/", true)]
    [InlineData(null, false)]
    [InlineData("example.org/hook", false)]
    [InlineData("ftp://example.org/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://user:secret@example.org/", false)]
    [InlineData("https://example.org/#part", false)]
    [InlineData("http://localhost/", false)]
    [InlineData("http://LOCALHOST./", false)]
    [InlineData("http://a.localhost/", false)]
    [InlineData("http://127.0.0.1/", false)]
    [InlineData("http://2130706433/", false)]
    [InlineData("http://0x7f.1/", false)]
    [InlineData("http://10.1.2.3/", false)]
    [InlineData("http://172.31.0.1/", false)]
    [InlineData("http://192.168.1.1/", false)]
    [InlineData("http://169.254.169.254/latest/meta-data", false)]
    [InlineData("http://0.0.0.0/", false)]
    [InlineData("http://[::1]/", false)]
    [InlineData("http://[::]/", false)]
    [InlineData("http://[::ffff:127.0.0.1]/", false)]
    [InlineData("http://[64:ff9b::7f00:1]/", false)]
    [InlineData("http://[2002:7f00:1::]/", false)]
    [InlineData("http://[fe80::1]/", false)]
    [InlineData("http://[fd00::1]/", false)]
    public void Check_Address_AllowsPublicOnesOnly(string? url, bool isAllowed) => Assert.Equal(isAllowed, WebhookTarget.Check(url, allowPrivate: false) is null);

    [Fact]
    public void Check_PrivateAllowed_StillWantsAnHttpAddress()
    {
        Assert.Null(WebhookTarget.Check("http://127.0.0.1:9000/hook", allowPrivate: true));
        Assert.NotNull(WebhookTarget.Check("file:///etc/passwd", allowPrivate: true));
        Assert.True(WebhookTarget.IsPublic(IPAddress.Parse("8.8.8.8")));
    }

    [Fact]
    public void Wait_Tries_GrowFourfoldWithinTheirSpreadUpToTheLongest()
    {
        var options = new WebhookOptions { FirstWaitSeconds = 5, MaxWaitSeconds = 1000 };
        var requests = Enumerable.Range(0, 200).Select(i => new Guid(i, 0, 0, new byte[8])).ToArray();

        foreach (var (tries, middle) in new[] { (1, 5.0), (2, 20), (3, 80), (4, 320), (5, 1000), (50, 1000) })
        {
            var waits = requests.Select(request => WebhookSchedule.Delay(options, request, tries).TotalSeconds).ToArray();
            Assert.All(waits, wait => Assert.InRange(wait, middle * 0.75, middle * 1.25));
            Assert.True(waits.Max() - waits.Min() > middle * 0.4, "they do not spread");
            Assert.Equal(waits[0], WebhookSchedule.Delay(options, requests[0], tries).TotalSeconds);
        }
    }
}
