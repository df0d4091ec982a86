using System.Globalization;
using System.Text.Json;
using Multimodal.Bench.Fuzz.Gateway;
using Multimodal.Bench.PathBench;
using Multimodal.Bench.Services;

namespace Multimodal.Bench.Profile;

/// <summary>Measures the cost of requests to the all-in-one service and to the bare program.</summary>
/// <param name="service">The service.</param>
/// <param name="bare">The bare program.</param>
/// <param name="bareHttp">A client for the bare program.</param>
/// <param name="folder">Folder for traces.</param>
/// <param name="each">Duration of each measurement.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestCostMeter(StackService service, ChildProcess bare, HttpClient bareHttp, string folder, TimeSpan each, TimeProvider time)
{
    private const int Clients = 8;
    private const int Turns = 3;
    private const string Allocated = "dotnet_gc_heap_total_allocated_bytes_total";

    /// <summary>Measures one type of request. Service and bare program take turns, so that disturbances of the machine affect both.</summary>
    public async Task<RequestCost> MeasureAsync(ProfiledRequest request, CancellationToken cancellationToken)
    {
        var experts = string.Join(',', await ExpertsAsync(request, cancellationToken));
        Task AskService() => PostAsync(service.Http, "v1/requests", request, cancellationToken);
        Task AskBare() => PostAsync(bareHttp, $"?experts={experts}", request, cancellationToken);
        await ClosedLoop.RunAsync(Clients, each / 2, AskService, time);
        await ClosedLoop.RunAsync(Clients, each / 2, AskBare, time);
        List<Turn> ours = [];
        List<Turn> bound = [];
        var allocated = await Metrics.ReadAsync(service.Http, Allocated, cancellationToken);
        for (var turn = 0; turn < Turns; turn++)
        {
            ours.Add(await RunAsync(service.Process!.Id, AskService));
            bound.Add(await RunAsync(bare.Id, AskBare));
        }

        allocated = await Metrics.ReadAsync(service.Http, Allocated, cancellationToken) - allocated;
        var samples = await StackSampler.SampleAsync(
            service.Process!.Id, folder, () => ClosedLoop.RunAsync(Clients, each / 2, AskService, time));
        return new RequestCost(
            request, Turn.CpuMs(ours), Turn.CpuMs(bound), ClosedLoop.Median(ours.Select(turn => turn.PerSecond)), allocated / ours.Sum(turn => turn.Requests), samples);
    }

    private static async Task PostAsync(HttpClient http, string path, ProfiledRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(http, path, request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string path, ProfiledRequest request, CancellationToken cancellationToken)
    {
        using var form = request.Sample.ToForm();
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = form };
        message.Headers.Add("Prefer", "wait=30");
        return await http.SendAsync(message, cancellationToken);
    }

    /// <summary>The experts that the service asks for this request.</summary>
    private async Task<IReadOnlyList<string>> ExpertsAsync(ProfiledRequest request, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(service.Http, "v1/requests", request, cancellationToken);
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.TryGetProperty("experts", out var experts)
            ? [.. experts.EnumerateArray().Where(expert => expert.GetProperty("state").ValueEquals("answered")).Select(expert => expert.GetProperty("name").GetString()!)]
            : throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The service answered {(int)response.StatusCode}: {body}"));
    }

    private async Task<Turn> RunAsync(int process, Func<Task> ask)
    {
        var clock = new CpuClock();
        clock.Watch("", process);
        var figures = await ClosedLoop.RunAsync(Clients, each / Turns, ask, time);
        return new Turn(clock.Read()[0].Ms, figures.Milliseconds.Count, figures.PerSecond);
    }

    private sealed record Turn(double Ms, int Requests, double PerSecond)
    {
        public static double CpuMs(IReadOnlyCollection<Turn> turns) => turns.Sum(turn => turn.Ms) / turns.Sum(turn => turn.Requests);
    }
}
