using Multimodal.Bench.Fuzz.Findings;
using Multimodal.Bench.Fuzz.Gateway;
using Multimodal.Bench.Fuzz.Media;
using Multimodal.Bench.Fuzz.Targets;
using Multimodal.Tool.Common;

namespace Multimodal.Bench.Fuzz;

/// <summary>A run: requests to a service, then files to the decoders.</summary>
/// <param name="seed">The seed.</param>
/// <param name="targets">Creates the inputs.</param>
/// <param name="tally">Counts the outcomes.</param>
/// <param name="folder">Folder for data and logs.</param>
/// <param name="time">The clock.</param>
internal sealed class FuzzRun(int seed, FuzzTargets targets, FuzzTally tally, string folder, TimeProvider time)
{
    // The share of the requests after which the first measurement is taken: buffers and pools have their size by then. A leak grows with
    // the other half.
    private const double WarmUp = 0.5;

    // The pools of a process keep some arrays of the size of the largest images, and by chance more at the end.
    private const double MaxHeapGrowth = 64;

    private readonly List<Target> _figures = [];

    /// <summary>Runs everything.</summary>
    /// <returns>The figures with their targets.</returns>
    public async Task<IReadOnlyList<Target>> RunAsync(int count, CancellationToken cancellationToken)
    {
        var shares = FuzzTargets.Requests.SelectMany(entry => Enumerable.Repeat(entry.Target, entry.Percent)).ToArray();
        var requests = Enumerable.Range(0, count).Where(number => number % 100 < shares.Length)
            .Select(number => (Target: shares[number % 100], Number: number)).ToArray();
        await RequestsAsync(requests, cancellationToken);
        await FilesAsync(count - requests.Length, cancellationToken);
        _figures.Insert(0, Target.AtLeast("inputs", tally.Total, count));
        _figures.Insert(1, Target.AtMost("findings: 5xx except 503, more than 5 s, crashes, exceptions", tally.Findings.Count, 0));
        return _figures;
    }

    /// <summary>Runs one input.</summary>
    /// <returns>How it ended.</returns>
    public async Task<string> ReplayAsync(FuzzInput input, CancellationToken cancellationToken)
    {
        if (input.Target.StartsWith(FuzzTargets.MediaPrefix, StringComparison.Ordinal))
        {
            var result = new MediaRun(targets, new MediaCheck(Path.Combine("models", "digits")), time).RunOne(input);
            return FormattableString.Invariant($"{result.Outcome} after {result.Ms:0} ms");
        }

        await using var service = new FuzzService(folder, time);
        await service.StartAsync(cancellationToken);
        using var http = new HttpFuzz(service.Address, tally, time);
        if (input.Target != FuzzTargets.Amqp)
        {
            return await http.SendAsync(input, cancellationToken);
        }

        await using var amqp = await AmqpFuzz.ConnectAsync(service.Broker!.Port, tally, time, cancellationToken);
        return await amqp.SendAsync(input, cancellationToken);
    }

    private async Task RequestsAsync((string Target, int Number)[] requests, CancellationToken cancellationToken)
    {
        await using var service = new FuzzService(folder, time);
        await service.StartAsync(cancellationToken);
        using var http = new HttpFuzz(service.Address, tally, time);
        await using var amqp = service.Broker is null ? null : await AmqpFuzz.ConnectAsync(service.Broker.Port, tally, time, cancellationToken);
        if (amqp is null)
        {
            Terminal.Line($"RabbitMQ is not installed, so no messages are sent. Run: make setup-services");
        }

        var first = (int)(requests.Length * WarmUp);
        await SendAsync(http, amqp, requests[..first], cancellationToken);
        var before = await service.MeasureAsync(time, cancellationToken);
        await SendAsync(http, amqp, requests[first..], cancellationToken);
        if (service.HasExited)
        {
            tally.Find("the service has exited");
            return;
        }

        await (amqp?.CheckDeadLettersAsync(cancellationToken) ?? Task.CompletedTask);
        await UntilIdleAsync(service, cancellationToken);
        var after = await service.MeasureAsync(time, cancellationToken);
        foreach (var (line, times) in service.ErrorsInLog())
        {
            tally.Find(FormattableString.Invariant($"log of the service: {line} ({times} times); see {tally.Keep(service.Log)}"));
        }

        _figures.Add(Target.AtMost("requests in flight afterwards", await service.ReadMetricAsync("multimodal_requests_in_flight", cancellationToken), 0));
        _figures.Add(Target.AtMost("payload files afterwards", service.CountPayloads(), 0));
        AddMemory("service", [before.HeapMiB, before.ResidentMiB, after.HeapMiB, after.ResidentMiB]);
    }

    private async Task SendAsync(HttpFuzz http, AmqpFuzz? amqp, (string Target, int Number)[] requests, CancellationToken cancellationToken)
    {
        // Not at the same time, because both together exceed the number of requests that a gateway always admits.
        await http.RunAsync(requests.Where(one => one.Target != FuzzTargets.Amqp).Select(Create), cancellationToken);
        await (amqp?.RunAsync(requests.Where(one => one.Target == FuzzTargets.Amqp).Select(Create), cancellationToken) ?? Task.CompletedTask);
    }

    private FuzzInput Create((string Target, int Number) one) => targets.Create(one.Target, one.Number);

    private async Task FilesAsync(int count, CancellationToken cancellationToken)
    {
        var memory = await new MediaProcess(targets, tally, Path.Combine(folder, "media"), time).RunAsync(seed, count, cancellationToken);
        AddMemory("decoders", memory);
        _figures.Add(Target.AtMost("peak resident memory of the decoders, MiB", memory[4], 1536));
    }

    /// <summary>Adds the growth of heap and resident memory between the two measurements.</summary>
    private void AddMemory(string process, double[] figures)
    {
        Terminal.Line($"{process}: heap {figures[0]:0} then {figures[2]:0} MiB, resident {figures[1]:0} then {figures[3]:0} MiB");
        _figures.Add(Target.AtMost($"heap of the {process}, growth in MiB", figures[2] - figures[0], MaxHeapGrowth));
        _figures.Add(Target.AtMost($"resident memory of the {process}, growth in MiB", figures[3] - figures[1], 64 + (0.5 * figures[1])));
    }

    private async Task UntilIdleAsync(FuzzService service, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (await service.ReadMetricAsync("multimodal_requests_in_flight", cancellationToken) > 0 && time.GetElapsedTime(start) < TimeSpan.FromMinutes(2))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellationToken);
        }
    }
}
