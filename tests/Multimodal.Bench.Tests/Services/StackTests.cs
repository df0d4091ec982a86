using System.Security.Authentication;
using System.Text.Json;
using Multimodal.Bench.Services;
using Multimodal.Testing;

namespace Multimodal.Bench.Tests.Services;

/// <summary>The five services as processes.</summary>
[Collection(ProcessesTests.Group)]
public sealed class StackTests : IDisposable
{
    private readonly ScratchFolder _folder = ScratchFolder.Shared();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_Encrypted_AnswersOverTlsOnly()
    {
        await using var stack = new Stack(_folder.Path, new StackPlan(2, 1, 1) { IsEncrypted = true }, TimeProvider.System);
        await stack.StartAsync(default);
        var gateway = stack.Gateways.First();

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative))
        {
            Content = new MultipartFormDataContent { { new StringContent("seven"), "text" } },
            Headers = { { "Prefer", "wait=60" } },
        };
        using var response = await gateway.Http.SendAsync(request);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("completed", answer.RootElement.GetProperty("status").GetString());
        Assert.Equal(Uri.UriSchemeHttps, gateway.Address.Scheme);

        using var stranger = new HttpClient();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(new Uri(gateway.Address, "health/live")));
        Assert.IsType<AuthenticationException>(refused.InnerException);
        var plain = new UriBuilder(gateway.Address) { Scheme = Uri.UriSchemeHttp }.Uri;
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(plain));
    }
}
