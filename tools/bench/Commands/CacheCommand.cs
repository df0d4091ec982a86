using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Caching;
using Multimodal.Bench.Profile;
using Multimodal.Bench.Services;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench cache</c>: processor time of a request that the cache answers, against one that experts answer.</summary>
internal static class CacheCommand
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    private static readonly string[] Measured = ["text", "small image", "12-megapixel photo", "2 s audio", "all three"];

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "Seconds of load for each measurement.", DefaultValueFactory = _ => 6 };
        var hottest = new Option<int>("--hottest") { Description = "Also print the stages of a hit and this number of methods that ran most often." };
        var cases = CasesOption.Create();
        var command = new Command("cache", "Processor time of a cache hit, against a miss and a bare program; exits 1 above the bound.") { seconds, hottest, cases };
        command.SetAction((parse, cancel) => RunAsync(TimeSpan.FromSeconds(parse.GetValue(seconds)), parse.GetValue(hottest), parse.GetRequiredValue(cases), cancel));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan each, int hottest, DirectoryInfo cases, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var requests = await ProfiledRequest.CreateAllAsync(cases, cancellationToken);
        var data = Directory.CreateTempSubdirectory("multimodal-cache-");
        try
        {
            await using var service = new StackService("all-in-one", "Multimodal.AllInOne", data.FullName, null, time) { IsCaching = true };
            service.Start(new Dictionary<string, string> { ["Multimodal__DataFolder"] = Path.Combine(data.FullName, "data"), ["Logging__LogLevel__Default"] = "Warning" });
            await service.ReadyAsync(StartTimeout, cancellationToken);
            using var bareHttp = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Tool.Services.Ports.Free()}/") };
            await using var bare = await ProfileCommand.StartBareAsync(bareHttp, data.FullName, time, cancellationToken);
            var meter = new CacheCostMeter(service, bare, bareHttp, each, time);
            List<CacheCost> costs = [];
            foreach (var request in requests.Where(request => Measured.Contains(request.Name)))
            {
                Terminal.Line($"{request.Name} ...");
                costs.Add(await meter.MeasureAsync(request, cancellationToken));
                if (hottest > 0)
                {
                    Print(await meter.SampleAsync(request, data.FullName, cancellationToken), hottest);
                }
            }

            Print(costs);
            return Targets.Check([.. costs.Select(cost => Target.AtMost($"{cost.Request.Name}: hit, processor ms", cost.HitMs, cost.MaxHitMs))]) ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static void Print(StackSamples samples, int hottest)
    {
        foreach (var (name, share) in samples.Shares.OrderByDescending(stage => stage.Value).Select(stage => (stage.Key, stage.Value)).Concat(samples.Hottest(hottest)))
        {
            Terminal.Line($"{100 * share,6:0.0} % {name}");
        }
    }

    private static void Print(IEnumerable<CacheCost> costs)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(Terminal.Figures(
            "request", "miss: processor ms", "a twentieth", "bare program", "hit: processor ms", "miss / hit", "miss p50 ms", "hit p50 ms"));
        foreach (var cost in costs)
        {
            table.AddRow(
                Markup.Escape(cost.Request.Name), Number(cost.MissMs, "0.00"), Number(cost.MissMs / 20, "0.000"), Number(cost.BareMs, "0.000"), Number(cost.HitMs, "0.000"), Number(cost.Times, "0.0"),
                Number(cost.MissP50, "0.0"), Number(cost.HitP50, "0.0"));
        }

        AnsiConsole.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
