using System.Globalization;
using Multimodal.Bench.PathBench;
using Multimodal.Bench.Services;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Startup;

/// <summary>Starts the all-in-one service and measures the time until it accepts requests.</summary>
/// <param name="ReadySeconds">From the start of the process to the first 200 from <c>/health/ready</c>.</param>
/// <param name="CpuSeconds">Processor time until then.</param>
/// <param name="ResidentMb">Resident memory at that time, in MiB.</param>
internal sealed record ServiceStart(double ReadySeconds, double CpuSeconds, double ResidentMb)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Starts the service once with an empty data folder, and stops it.</summary>
    /// <param name="program">The service's dll.</param>
    /// <param name="folder">Folder for its data and its log.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the measurement.</param>
    /// <exception cref="InvalidOperationException">The service did not become ready.</exception>
    public static async Task<ServiceStart> MeasureAsync(string program, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var (data, log) = (Path.Combine(folder, Guid.NewGuid().ToString("N")), Path.Combine(folder, "service.log"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Ports.Free()}/") };
        string[] arguments = [program, "--urls", http.BaseAddress!.GetLeftPart(UriPartial.Authority), $"--Multimodal:DataFolder={data}"];
        var cpu = new CpuClock();
        var start = time.GetTimestamp();
        await using var process = ChildProcess.Start("dotnet", arguments, [], log);
        cpu.Watch("service", process.Id);
        while (!await IsReadyAsync(http, cancellationToken))
        {
            if (process.HasExited || time.GetElapsedTime(start) > Timeout)
            {
                throw new InvalidOperationException($"The service did not become ready: {await File.ReadAllTextAsync(log, cancellationToken)}");
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        var ready = time.GetElapsedTime(start).TotalSeconds;
        var figures = new ServiceStart(ready, cpu.Read()[0].Ms / 1000, ResidentKb(process.Id) / 1024);
        await process.StopAsync(StopTimeout, time);
        return figures;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("health/ready", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static double ResidentKb(int process)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/status")).First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
