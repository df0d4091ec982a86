using System.Globalization;
using System.Text.Json;
using Multimodal.Bench.Services;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>SIGTERM to real processes under load. They exit with 0 within the time limit, and accepted requests are answered.</summary>
public sealed class DrainProcessTests : IDisposable
{
    private const int DrainSeconds = 4;

    /// <summary>The time limit in docs/configuration.md, and one second for a busy machine.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(DrainSeconds + 8 + 1);
    private static readonly TimeSpan Start = TimeSpan.FromMinutes(2);
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Terminate_AllInOneUnderLoad_EndsWithZeroAndLosesNothing()
    {
        UntrainedEnsemble.Write(_folder.At("models"), RepositoryFiles.At("models", "digits"), "text-words", "text-numerals");
        var settings = new Dictionary<string, string>
        {
            ["Multimodal__DataFolder"] = _folder.At("data"),
            ["Multimodal__ModelsFolder"] = _folder.At("models"),
            ["Multimodal__Hosting__DrainSeconds"] = DrainSeconds.ToString(CultureInfo.InvariantCulture),
            ["Multimodal__Telemetry__Logs"] = "json",
            ["Logging__LogLevel__Multimodal"] = "Debug",
        };
        await using var service = new StackService("all-in-one", "Multimodal.AllInOne", _folder.Path, null, TimeProvider.System);
        service.Start(settings);
        await service.ReadyAsync(Start, default);

        var posts = Post(service, 60);
        await Task.WhenAny(posts);
        Assert.True(await service.StopAsync(Bound), "had to be killed");
        Assert.Equal(0, service.Process!.ExitCode);
        var accepted = (await Task.WhenAll(posts)).OfType<string>().ToArray();
        Assert.NotEmpty(accepted);

        await service.KillAsync();
        service.Start(settings);
        await service.ReadyAsync(Start, default);
        await AssertAnsweredAsync(service, accepted);
        AssertIsJsonWithRequestIds(_folder.At("all-in-one.log"));
    }

    [Fact]
    public async Task Terminate_ServicesUnderLoad_EndWithZeroAndLoseNothing()
    {
        await using var stack = new Stack(_folder.Path, new StackPlan(1, 1, 1, Settings: new Dictionary<string, string>
        {
            ["Multimodal:Hosting:DrainSeconds"] = DrainSeconds.ToString(CultureInfo.InvariantCulture),
        }), TimeProvider.System);
        await stack.StartAsync(default);
        var (gateway, combiner, expert) = (Find(stack, "gateway-1"), Find(stack, "combiner-1"), Find(stack, "text-expert-1"));

        // Both stop at once under load. The processes that start later finish their work.
        var posts = Post(gateway, 60);
        await Task.WhenAny(posts);
        await Task.WhenAll(TerminateAsync(combiner), TerminateAsync(expert));
        stack.Restart(combiner);
        stack.Restart(expert);
        await combiner.ReadyAsync(Start, default);
        await expert.ReadyAsync(Start, default);
        var accepted = (await Task.WhenAll(posts)).OfType<string>().ToArray();
        Assert.NotEmpty(accepted);
        await AssertAnsweredAsync(gateway, accepted);

        // A combiner also exits while it waits for an expert that does not reply. Without the expert's first heartbeat, which follows its
        // readiness, the gateway would refuse the request.
        await UntilServedAsync(gateway, "text-words");
        expert.Process!.Send(ChildProcess.Signal.Stop);
        var waiting = await gateway.Http.PostAsync("seven", wait: null);
        Assert.Equal(202, waiting.Status);
        await UntilOpenAsync(combiner);
        await TerminateAsync(combiner);
        expert.Process!.Send(ChildProcess.Signal.Continue);
        stack.Restart(combiner);
        await AssertAnsweredAsync(gateway, [waiting.Id]);

        // A process also exits without a broker, whether it was connected before or not.
        await combiner.ReadyAsync(Start, default);
        await stack.Broker.KillAsync();
        await TerminateAsync(gateway);
        await TerminateAsync(combiner);
        await TerminateAsync(expert);
        stack.Restart(expert);
        await UntilLiveAsync(expert);
        await TerminateAsync(expert);
    }

    /// <summary>Posts requests concurrently and waits for their answers.</summary>
    /// <returns>The id of each that was accepted, null for the others.</returns>
    private static Task<string?>[] Post(StackService service, int count) => [.. Enumerable.Range(0, count).Select(async _ =>
    {
        try
        {
            var reply = await service.Http.PostAsync("a secret seven", wait: 20);
            return reply.Status is 200 or 202 ? reply.Id : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    })];

    private static async Task AssertAnsweredAsync(StackService gateway, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            var reply = await gateway.Http.ReadAsync($"v1/requests/{id}", wait: 25);
            Assert.Equal(200, reply.Status);
        }
    }

    private static async Task TerminateAsync(StackService service)
    {
        Assert.True(await service.StopAsync(Bound), $"{service.Name} had to be killed");
        Assert.Equal((service.Name, 0), (service.Name, service.Process!.ExitCode));
        await service.KillAsync();
    }

    private static Task UntilServedAsync(StackService gateway, string expert) => UntilAsync(async () =>
        (await gateway.Http.ReadAsync("v1/experts")).Json.EnumerateArray()
            .Any(entry => entry.GetProperty("name").GetString() == expert && entry.GetProperty("workers").GetInt32() > 0));

    private static Task UntilOpenAsync(StackService combiner) => UntilAsync(async () =>
        Exposition.Read(await combiner.Http.GetStringAsync(new Uri("metrics", UriKind.Relative)))["multimodal_combiner_open"] > 0);

    private static Task UntilLiveAsync(StackService service) => UntilAsync(async () =>
    {
        try
        {
            return (await service.Http.GetAsync(new Uri("health/live", UriKind.Relative))).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            Assert.False(service.Process!.HasExited, $"{service.Name} ended");
            return false;
        }
    });

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timeout = new CancellationTokenSource(Start);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, timeout.Token);
        }
    }

    private static StackService Find(Stack stack, string name) => stack.Services.Single(service => service.Name == name);

    private static void AssertIsJsonWithRequestIds(string log)
    {
        var lines = File.ReadAllLines(log).Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Contains(lines, line => line.TryGetProperty("Scopes", out var scopes)
            && scopes.EnumerateArray().Any(scope => scope.ValueKind == JsonValueKind.Object && scope.TryGetProperty("RequestId", out var id) && Guid.TryParse(id.GetString(), out _)));
        Assert.All(lines, line => Assert.DoesNotContain("secret", line.ToString(), StringComparison.Ordinal));
    }
}
