using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Gateway.Clock;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Clock;

/// <summary>Hosts whose system clocks differ.</summary>
[Collection(BrokerFixture.Name)]
public sealed class SkewTests(BrokerFixture broker) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();
    private readonly ScriptedEnsemble _ensemble = new([ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1)]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, 6, -6)]
    [InlineData(0, -30, 30)]
    [InlineData(3600, 0, -3600)]
    public async Task Post_ClocksDiffer_IsAnsweredInTimeAndTheHostsAreNamed(int gatewaySeconds, int combinerSeconds, int workerSeconds)
    {
        await using var gateway = await StartAsync(Clock(gatewaySeconds), builder => builder.AddMultimodalGateway());
        await using var combiner = await StartAsync(Clock(combinerSeconds), builder => builder.AddMultimodalCombiner());
        await using var worker = await StartAsync(Clock(workerSeconds), builder => builder.AddMultimodalExperts(Modality.Text));
        await UntilServedAsync(gateway);

        for (var number = 0; number < 5; number++)
        {
            var reply = await gateway.Http.PostAsync("zero", options: """{"deadlineMs": 5000}""");
            Assert.Equal(("completed", "0", "answered"), (reply.Text("status"), reply.Text("label"), reply.StateOf("t")));
        }

        foreach (var (host, seconds) in new[] { (combiner, combinerSeconds - gatewaySeconds), (worker, workerSeconds - gatewaySeconds) })
        {
            await UntilAsync(() => seconds == 0 || host.Log.Contains($"The system clock of host {Environment.MachineName} differs by", StringComparison.Ordinal));
            var metrics = Exposition.Read(await host.Http.GetStringAsync(new Uri("metrics", UriKind.Relative)));
            Assert.Equal(seconds, metrics["multimodal_clock_skew_seconds"], 0.5);
            Assert.Equal(seconds != 0, host.Log.Contains("Deadlines are corrected", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task Post_EveryClockStepsWhileRequestsRun_AllAreAnsweredInTime(int seconds)
    {
        ShiftedTimeProvider[] clocks = [Clock(0), Clock(0), Clock(0)];
        await using var gateway = await StartAsync(clocks[0], builder => builder.AddMultimodalGateway());
        await using var combiner = await StartAsync(clocks[1], builder => builder.AddMultimodalCombiner());
        await using var worker = await StartAsync(clocks[2], builder => builder.AddMultimodalExperts(Modality.Text));
        await UntilServedAsync(gateway);

        foreach (var clock in clocks.Reverse())
        {
            clock.Shift = TimeSpan.FromSeconds(seconds);
            for (var number = 0; number < 20; number++)
            {
                var reply = await gateway.Http.PostAsync("zero", options: """{"deadlineMs": 5000}""");
                Assert.Equal(("completed", "answered"), (reply.Text("status"), reply.StateOf("t")));
            }
        }
    }

    [Fact]
    public async Task Gateway_SystemClockSteps_FollowsItBecauseItIsTheReference()
    {
        var system = Clock(0);
        await using var gateway = await StartAsync(system, builder => builder.AddMultimodalGateway());
        var clock = gateway.Get<ServiceClock>();

        system.Shift = TimeSpan.FromHours(1);
        await gateway.Get<ClockReference>().SynchronizeAsync(default);

        Assert.Equal(0, clock.Skew.TotalSeconds, 0.1);
        Assert.Contains("The service's time moved by 3600", gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task Gateway_ReferenceSteps_TheOthersFollowTheFirstBeacon(int seconds)
    {
        var system = Clock(0);
        await using var gateway = await StartAsync(system, builder => builder.AddMultimodalGateway(), interval: "60");
        var starting = StartAsync(Clock(0), builder => builder.AddMultimodalExperts(Modality.Text), interval: "60");
        while (!starting.IsCompleted)
        {
            await gateway.Get<ClockReference>().FollowAsync(default);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        await using var worker = await starting;
        system.Shift = TimeSpan.FromSeconds(seconds);

        await gateway.Get<ClockReference>().FollowAsync(default);

        await UntilAsync(() => (worker.Get<ServiceClock>().GetUtcNow() - system.GetUtcNow()).Duration() < TimeSpan.FromSeconds(0.2));
    }

    private static ShiftedTimeProvider Clock(int seconds) => new(TimeSpan.FromSeconds(seconds));

    private static Task UntilServedAsync(PipelineHost gateway) => UntilAsync(() => gateway.Get<ExpertDirectory>().Find("digits", "t").Count > 0);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, timeout.Token);
        }
    }

    private async Task<PipelineHost> StartAsync(ShiftedTimeProvider clock, Action<WebApplicationBuilder> role, string interval = "0.2") => await PipelineHost.StartAsync(
        _folder.Path,
        _ensemble,
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            role(builder);
        },
        [.. await _transport.SettingsAsync(), ("Multimodal:Clock:IntervalSeconds", interval), ("Multimodal:Experts:HeartbeatSeconds", "0.2")]);
}
