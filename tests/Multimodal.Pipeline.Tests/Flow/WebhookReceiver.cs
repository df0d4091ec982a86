using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A webhook receiver on a free port. It answers with the given statuses and then with 204.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /// <summary>A status value for not answering at all.</summary>
    public const int Silence = 0;

    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(60);
    private readonly System.Threading.Channels.Channel<Post> _posts = System.Threading.Channels.Channel.CreateUnbounded<Post>();
    private readonly ConcurrentQueue<int> _answers;
    private readonly WebApplication _app;

    private WebhookReceiver(WebApplication app, ConcurrentQueue<int> answers) => (_app, _answers) = (app, answers);

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook";

    /// <summary>The number of received posts that the test has not read yet.</summary>
    public int Unread => _posts.Reader.Count;

    /// <summary>Starts a receiver.</summary>
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

    /// <summary>Waits for the next post.</summary>
    public Task<Post> ReadAsync() => _posts.Reader.ReadAsync().AsTask().WaitAsync(TestTimeout, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var post = new Post($"{http.Request.Method} {http.Request.Path}", http.Request.Headers["webhook-id"].ToString(), body, Failure(body, http.Request.Headers));
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

    /// <summary>Verifies the signature and the timestamp.</summary>
    private static string? Failure(string body, IHeaderDictionary headers)
    {
        try
        {
            new StandardWebhook(Secret).Verify(body, headers);
            return null;
        }
        catch (WebhookVerificationException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>A received post.</summary>
    /// <param name="Target">Method and path.</param>
    /// <param name="Id">The value of <c>webhook-id</c>.</param>
    /// <param name="Body">The body.</param>
    /// <param name="Failure">The error of the Standard Webhooks library; null if it accepts the post.</param>
    internal sealed record Post(string Target, string Id, string Body, string? Failure);
}
