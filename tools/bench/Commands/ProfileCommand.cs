using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.Profile;
using Multimodal.Bench.Services;
using Multimodal.Tool.Common;
using Multimodal.Tool.Services;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench profile</c>: processor time and allocations of a request by stage, and the cost of a bare program that does the same work.</summary>
internal static class ProfileCommand
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(1);

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "Seconds of load for each measurement.", DefaultValueFactory = _ => 9 };
        var only = new Option<string?>("--only") { Description = "Measure only the types whose name contains this text." };
        var hottest = new Option<int>("--hottest") { Description = "Also print this number of methods that ran most often." };
        var cases = CasesOption.Create();
        var command = new Command("profile", "Processor time of each stage of a request, against a bare program; exits 1 above the bounds.")
        {
            seconds, only, hottest, cases,
        };
        command.SetAction((parse, cancel) => RunAsync(
            TimeSpan.FromSeconds(parse.GetValue(seconds)), parse.GetValue(only) ?? "", parse.GetValue(hottest), parse.GetRequiredValue(cases), cancel));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan each, string only, int hottest, DirectoryInfo cases, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var requests = await ProfiledRequest.CreateAllAsync(cases, cancellationToken);
        var data = Directory.CreateTempSubdirectory("multimodal-profile-");
        try
        {
            await using var service = new StackService("all-in-one", "Multimodal.AllInOne", data.FullName, null, time);
            service.Start(new Dictionary<string, string> { ["Multimodal__DataFolder"] = Path.Combine(data.FullName, "data"), ["Logging__LogLevel__Default"] = "Warning" });
            await service.ReadyAsync(StartTimeout, cancellationToken);
            using var bareHttp = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Ports.Free()}/") };
            await using var bare = await StartBareAsync(bareHttp, data.FullName, time, cancellationToken);
            var meter = new RequestCostMeter(service, bare, bareHttp, data.FullName, each, time);
            List<RequestCost> costs = [];
            foreach (var request in requests.Where(request => request.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
            {
                Terminal.Line($"{request.Name} ...");
                costs.Add(await meter.MeasureAsync(request, cancellationToken));
                foreach (var (method, share) in costs[^1].Samples.Hottest(hottest))
                {
                    Terminal.Line($"{100 * share,6:0.0} % {method}");
                }
            }

            Print("processor ms per request", costs, (cost, stage) => cost.Samples.Shares.GetValueOrDefault(stage) * cost.CpuMs);
            Print("allocated kB per request", costs, (cost, stage) => cost.Samples.Bytes.GetValueOrDefault(stage) / Math.Max(1, cost.Samples.Bytes.Values.Sum()) * cost.Bytes / 1024);
            PrintTotals(costs);
            return Targets.Check(
                [.. costs.Where(cost => cost.Request.MaxTimesBound is not null).Select(cost => Target.AtMost($"{cost.Request.Name}: times the bound", cost.TimesBound, cost.Request.MaxTimesBound!.Value))])
                ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>Starts the bare program and waits until it listens.</summary>
    internal static async Task<ChildProcess> StartBareAsync(HttpClient http, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            typeof(ProfileCommand).Assembly.Location, "profile-peer", http.BaseAddress!.GetLeftPart(UriPartial.Authority),
            "--ensemble", Path.Combine("models", "digits"), "--database", Path.Combine(folder, "bare.db"),
        ];
        var log = Path.Combine(folder, "bare.log");
        var process = ChildProcess.Start("dotnet", arguments, [], log);
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(new Uri("", UriKind.Relative), cancellationToken);
                return process;
            }
            catch (HttpRequestException) when (!process.HasExited && time.GetElapsedTime(start) < StartTimeout)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
            }
        }
    }

    private static void Print(string title, List<RequestCost> costs, Func<RequestCost, string, double> figure)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(Terminal.Figures([title, .. costs.Select(cost => cost.Request.Name)]));
        foreach (var stage in StageRules.Stages)
        {
            table.AddRow([stage, .. costs.Select(cost => Number(figure(cost, stage)))]);
        }

        table.AddRow(["all", .. costs.Select(cost => Number(StageRules.Stages.Sum(stage => figure(cost, stage))))]);
        AnsiConsole.Write(table);
    }

    private static void PrintTotals(List<RequestCost> costs)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            Terminal.Figures("request", "processor ms", "bound ms", "times the bound", "requests / s"));
        foreach (var cost in costs)
        {
            table.AddRow(Markup.Escape(cost.Request.Name), Number(cost.CpuMs), Number(cost.BoundMs), Number(cost.TimesBound), Number(cost.PerSecond));
        }

        AnsiConsole.Write(table);
    }

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
