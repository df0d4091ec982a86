using System.Net.Http.Headers;
using Multimodal.Bench.PathBench;
using Multimodal.Bench.Profile;
using Multimodal.Bench.Services;

namespace Multimodal.Bench.Caching;

/// <summary>Measures what hits and misses cost the all-in-one service, and what the bare program needs to read and store the same requests.</summary>
/// <param name="service">The service.</param>
/// <param name="bare">The bare program.</param>
/// <param name="bareHttp">A client for the bare program.</param>
/// <param name="each">Duration of each measurement.</param>
/// <param name="time">The clock.</param>
internal sealed class CacheCostMeter(StackService service, ChildProcess bare, HttpClient bareHttp, TimeSpan each, TimeProvider time)
{
    private const int Clients = 8;
    private const int Turns = 3;

    /// <summary>Measures one type of request. Misses, hits and the bare program take turns, so that disturbances of the machine affect all.</summary>
    /// <exception cref="InvalidDataException">A request was not answered as intended.</exception>
    public async Task<CacheCost> MeasureAsync(ProfiledRequest request, CancellationToken cancellationToken)
    {
        Task AskExperts() => PostAsync(service.Http, "v1/requests", request, isHit: false, cancellationToken);
        Task AskCache() => PostAsync(service.Http, "v1/requests", request, isHit: true, cancellationToken);
        Task AskBare() => PostAsync(bareHttp, "?experts=", request, isHit: null, cancellationToken);
        (Func<Task> Ask, int Process)[] programs = [(AskExperts, service.Process!.Id), (AskCache, service.Process.Id), (AskBare, bare.Id)];
        var turns = programs.Select(_ => new List<(double Ms, LoopFigures Figures)>()).ToArray();
        foreach (var (ask, _) in programs)
        {
            await ClosedLoop.RunAsync(Clients, each / 2, ask, time);
        }

        for (var turn = 0; turn < Turns; turn++)
        {
            foreach (var (index, (ask, process)) in programs.Index())
            {
                var clock = new CpuClock();
                clock.Watch("", process);
                var figures = await ClosedLoop.RunAsync(Clients, each / Turns, ask, time);
                turns[index].Add((clock.Read()[0].Ms, figures));
            }
        }

        double[] costs = [.. turns.Select(list => list.Sum(turn => turn.Ms) / list.Sum(turn => turn.Figures.Milliseconds.Count))];
        double[] p50 = [.. turns.Select(list => ClosedLoop.Median(list.SelectMany(turn => turn.Figures.Milliseconds)))];
        return new CacheCost(request, costs[0], costs[1], costs[2]) { MissP50 = p50[0], HitP50 = p50[1] };
    }

    /// <summary>Samples the stacks of the service while its cache answers.</summary>
    /// <param name="request">The type of request, which the cache knows.</param>
    /// <param name="folder">Folder for the trace.</param>
    /// <param name="cancellationToken">Stops the load.</param>
    public Task<StackSamples> SampleAsync(ProfiledRequest request, string folder, CancellationToken cancellationToken) => StackSampler.SampleAsync(
        service.Process!.Id, folder, () => ClosedLoop.RunAsync(Clients, each, () => PostAsync(service.Http, "v1/requests", request, isHit: true, cancellationToken), time));

    private static async Task PostAsync(HttpClient http, string path, ProfiledRequest request, bool? isHit, CancellationToken cancellationToken)
    {
        using var form = request.Sample.ToForm();
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = form };
        message.Headers.Add("Prefer", "wait=30");
        message.Headers.CacheControl = isHit == false ? new CacheControlHeaderValue { NoCache = true } : null;
        using var response = await http.SendAsync(message, cancellationToken);
        response.EnsureSuccessStatusCode();
        var status = response.Headers.TryGetValues("Cache-Status", out var values) ? string.Join(", ", values) : "";
        if (isHit is { } wanted && status.Contains("; hit", StringComparison.Ordinal) != wanted)
        {
            throw new InvalidDataException($"The answer has the Cache-Status '{status}', but {(wanted ? "a hit" : "a miss")} was to be measured.");
        }
    }
}
