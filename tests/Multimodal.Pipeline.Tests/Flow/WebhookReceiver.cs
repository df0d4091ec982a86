using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A client's server on a free port, which answers with what it is told and then with 204.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>Instead of a status: no answer at all.</summary>
    public const int Silence = 0;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly System.Threading.Channels.Channel<Post> _posts = System.Threading.Channels.Channel.CreateUnbounded<Post>();
    private readonly ConcurrentQueue<int> _answers;
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app, ConcurrentQueue<int> answers) => (_app, _answers) = (app, answers);

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";

    /// <summary>Posts that came and were not read yet.</summary>
    public int Unread => _posts.Reader.Count;

    /// <summary>Starts it.</summary>
    /// <param name="answers">The statuses to answer with, in turn.</param>
    public static async Task<WebhookReceiver> StartAsync(params int[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new WebhookReceiver(app, new ConcurrentQueue<int>(answers));
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The next post.</summary>
    public Task<Post> ReadAsync() => _posts.Reader.ReadAsync().AsTask().WaitAsync(Patience, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var post = new Post(
            $"{http.Request.Method} {http.Request.Path}",
            http.Request.Headers["webhook-id"].ToString(),
            http.Request.Headers["webhook-timestamp"].ToString(),
            http.Request.Headers["webhook-signature"].ToString(),
            await reader.ReadToEndAsync());
        var answer = _answers.TryDequeue(out var status) ? status : (int)HttpStatusCode.NoContent;
        if (answer == Silence)
        {
            await _posts.Writer.WriteAsync(post);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        }

        http.Response.StatusCode = answer;
        http.Response.Headers.Location = "/elsewhere";
        await http.Response.CompleteAsync();
        await _posts.Writer.WriteAsync(post);
    }

    /// <summary>What came.</summary>
    internal sealed record Post(string Target, string Id, string Timestamp, string Signature, string Body)
    {
        /// <summary>Checks the signature as the standard describes it.</summary>
        public bool IsSigned
        {
            get
            {
                var key = Convert.FromBase64String(Secret["whsec_".Length..]);
                var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
                return Signature == "v1," + Convert.ToBase64String(expected);
            }
        }
    }
}
