using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Bench.Chaos;
using Multimodal.Tool.Commands;

namespace Multimodal.Bench.Tests.Chaos;

/// <summary>Requests that the service does not accept are counted, so that the run ends with a report.</summary>
public sealed class ChaosLoadTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task PostAll_AlwaysRefused_HonoursRetryAfterAndGivesUp()
    {
        var (load, gateway) = Load(HttpStatusCode.ServiceUnavailable);

        await FinishAsync(load.PostAllAsync(3, TimeSpan.FromSeconds(3), default));

        Assert.Equal((0, 3, 0), (load.Accepted, load.GivenUp, load.Rejections.Count));

        // 2 minutes with one attempt every 30 s; the simulated time may pass while an attempt runs.
        Assert.InRange(gateway.Calls, 6, 18);
        Assert.Equal(gateway.Calls - 3, load.Retries);
    }

    [Fact]
    public async Task PostAll_Rejected_IsCountedByItsText()
    {
        var (load, gateway) = Load(HttpStatusCode.BadRequest);

        await FinishAsync(load.PostAllAsync(3, TimeSpan.FromSeconds(3), default));

        Assert.Equal((0, 0, 3), (load.Accepted, load.GivenUp, gateway.Calls));
        Assert.Equal(new KeyValuePair<string, int>("400 no", 3), Assert.Single(load.Rejections));
    }

    [Fact]
    public async Task CheckAll_NothingAccepted_EndsWithAnOutcome()
    {
        var (load, _) = Load(HttpStatusCode.ServiceUnavailable);

        Assert.Equal(new ChaosOutcome(0, 0, 0, 0, 0, 0, 0, 0), await load.CheckAllAsync(default));
    }

    private (ChaosLoad Load, ConstantGateway Gateway) Load(HttpStatusCode status)
    {
        var gateway = new ConstantGateway(status);
        var http = new HttpClient(gateway) { BaseAddress = new Uri("http://gateway/") };
        return (new ChaosLoad([http], [new LoadSample("seven", null, null)], _time), gateway);
    }

    private async Task FinishAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await task;
    }

    private sealed class ConstantGateway(HttpStatusCode status) : HttpMessageHandler
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            var response = new HttpResponseMessage(status) { Content = new StringContent("no", Encoding.UTF8) };
            response.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(30));
            return Task.FromResult(response);
        }
    }
}
