using System.Net.Http.Headers;
using System.Text.Json;
using Multimodal.Bench.Services;
using Multimodal.Tool.Common;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.PathBench;

/// <summary>Posts a 10 MB image to the five services and to one process, in turn.</summary>
internal static class ImageComparison
{
    private const int Side = 3200;
    private const string Options = """{"ensemble": "digits", "experts": ["vision-handwritten"], "strategy": "hard", "deadlineMs": 20000}""";

    /// <summary>Runs the comparison.</summary>
    /// <param name="stack">The services; a vision expert is added.</param>
    /// <param name="folder">Data folder of the single process.</param>
    /// <param name="models">Folder of the ensembles of both.</param>
    /// <param name="count">Images posted to each.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public static async Task<Target> RunAsync(Stack stack, string folder, string models, int count, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        await stack.AddAsync("vision-expert-1", "Multimodal.VisionExpert", new Dictionary<string, string>(), cancellationToken);
        await using var one = new ServiceProcess(ServiceProcess.DefaultDll(), folder, time, models) { IsCaching = false };
        await one.StartAsync(cancellationToken);
        var image = NoiseImage.Png(Side, seed: 1);
        var (alone, distributed) = (new List<double>(), new List<double>());
        for (var number = -3; number < count; number++)
        {
            var (first, second) = (await PostAsync(one.Http, image, time, cancellationToken), await PostAsync(stack.Gateways.First().Http, image, time, cancellationToken));
            if (number >= 0)
            {
                alone.Add(first);
                distributed.Add(second);
            }
        }

        var (aloneMs, distributedMs) = (ClosedLoop.Median(alone), ClosedLoop.Median(distributed));
        Terminal.Line($"an image of {image.Length / 1e6:0.0} MB, p50 of {count}: {aloneMs:0.0} ms in one process, {distributedMs:0.0} ms through the services");
        return Target.AtMost("p50 of a 10 MB image, ratio to one process", distributedMs / aloneMs, 2);
    }

    private static async Task<double> PostAsync(HttpClient http, byte[] image, TimeProvider time, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent { { new StringContent(Options), "options" } };
        using var file = new ByteArrayContent(image) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } };
        form.Add(file, "image", "noise.png");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = form };
        request.Headers.Add("Prefer", "wait=30");
        var start = time.GetTimestamp();
        using var response = await http.SendAsync(request, cancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var elapsed = time.GetElapsedTime(start);
        using var answer = JsonDocument.Parse(body);
        return answer.RootElement.TryGetProperty("experts", out var experts) && experts[0].GetProperty("state").ValueEquals("answered")
            ? elapsed.TotalMilliseconds
            : throw new InvalidDataException($"The image request returned {(int)response.StatusCode}: {answer.RootElement}");
    }
}
