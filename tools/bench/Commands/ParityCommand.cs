using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Multimodal.Bench.Parity;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary>
/// <c>bench parity</c>: decodes generated files on every decoder path, compares pixels and sound with the default path, and runs the
/// experts on both. Exits 1 and names every figure outside its limit.
/// </summary>
internal static class ParityCommand
{
    private const double MinDecibels = 60, MaxMeanPixels = 1.5, MaxAccuracyPoints = 0.3, MaxChangedPercent = 2;

    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var data = new Option<FileInfo>("--data")
        {
            Description = "set.jsonl written by models/digits/training/mixed/parity.py.",
            Required = true,
        };
        var record = new Option<FileInfo?>("--record")
        {
            Description = "File to write decoded digests and opinions of this build to, for --previous of a later build.",
        };
        var previous = new Option<FileInfo?>("--previous")
        {
            Description = "Output of --record from an earlier build: pixels, samples and opinions of the default paths must be equal.",
        };
        var command = new Command(
            "parity", "Compare the decoder paths on generated files: pixels, samples and opinions.")
        {
            ensemble, data, record, previous,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(ensemble), parse.GetRequiredValue(data), parse.GetValue(record), parse.GetValue(previous), cancel));
        return command;
    }

    /// <summary><c>bench parity-cost</c>: the child process of <c>parity</c> that measures time and memory of one path and type.</summary>
    public static Command CreateCost()
    {
        var data = new Option<FileInfo>("--data") { Required = true };
        var path = new Option<string>("--path") { Required = true };
        var type = new Option<string>("--type") { Required = true };
        var rate = new Option<int>("--rate") { Required = true };
        var command = new Command("parity-cost", "Measure one decoder path on one file type.") { data, path, type, rate };
        command.Hidden = true;
        command.SetAction(parse =>
        {
            var files = ParityFile.Read(parse.GetRequiredValue(data)).Where(file => file.Type == parse.GetRequiredValue(type)).ToArray();
            Console.WriteLine(JsonSerializer.Serialize(DecodeCost.Measure(files, DecoderPath.Named(parse.GetRequiredValue(path)), parse.GetRequiredValue(rate))));
            return 0;
        });
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo folder, FileInfo data, FileInfo? record, FileInfo? previous, CancellationToken cancellationToken)
    {
        var ensemble = EnsemblePackageReader.Read(folder.FullName, new MediaOptions()).OrThrow();
        var rate = PathComparison.RateOf(ensemble);
        var files = ParityFile.Read(data);
        var build = new BuildComparison(PreviousFile.Read(previous), record, rate);
        var figures = new List<Target>();
        foreach (var (reference, other) in new[] { (DecoderPath.LibVips, DecoderPath.ImageSharp), (DecoderPath.NativeSound, DecoderPath.ManagedSound) })
        {
            var own = files.Where(file => file.Modality == reference.Modality).ToArray();
            var comparison = new PathComparison(reference, other, rate);
            await AnsiConsole.Progress().StartAsync(async progress =>
            {
                var task = progress.AddTask($"{own.Length} files by {reference.Name} and {other.Name}", maxValue: own.Length);
                await comparison.RunAsync(
                    ensemble, [.. own.Where(file => !file.IsForSpeed)],
                    (file, bytes, labels) =>
                    {
                        build.Add(file, bytes, reference, labels);
                        task.Increment(1);
                    },
                    cancellationToken);
            });
            await PrintAsync(comparison, data, own, cancellationToken);
            figures.AddRange(Limits(comparison, other));
        }

        figures.AddRange(build.Finish());
        return Targets.Check(figures) ? 0 : 1;
    }

    private static IEnumerable<Target> Limits(PathComparison comparison, DecoderPath path)
    {
        foreach (var (name, type) in comparison.Types.Where(type => type.Value.Files > type.Value.NotRead))
        {
            yield return Target.AtMost($"{path.Name}, {name}: files rejected as damaged", type.Refused, 0);
            if (path.Modality == Modality.Image)
            {
                yield return Target.AtMost($"{path.Name}, {name}: images of a different size", type.OtherSizes, 0);
                yield return Target.AtMost($"{path.Name}, {name}: mean pixel difference, of 255", type.MeanPixels, MaxMeanPixels);
            }
            else
            {
                if (type.WorstAboveRounding is { } worst)
                {
                    yield return Target.AtLeast(
                        $"{path.Name}, {name}: SNR of the worst file whose error exceeds 16-bit rounding, dB ({worst.File})",
                        worst.Decibels, MinDecibels);
                }

                yield return Target.AtMost($"{path.Name}, {name}: files with a time offset", type.Shifted, 0);
            }
        }

        var (opinions, changed) = (comparison.Types.Values.Sum(type => type.Opinions), comparison.Types.Values.Sum(type => type.Changed));
        yield return Target.AtMost($"{path.Name}: changed opinions, percent", 100.0 * changed / Math.Max(1, opinions), MaxChangedPercent);
        foreach (var (expert, (judged, reference, other)) in comparison.Right.Where(_ => path.Modality == Modality.Audio))
        {
            yield return Target.AtMost(
                $"{path.Name}, {expert}: accuracy difference, points", Math.Abs(Percent(reference, judged) - Percent(other, judged)),
                MaxAccuracyPoints);
        }
    }

    private static async Task PrintAsync(PathComparison comparison, FileInfo data, IReadOnlyList<ParityFile> files, CancellationToken cancellationToken)
    {
        var (reference, other) = (comparison.Reference, comparison.Other);
        var isImage = reference.Modality == Modality.Image;
        var table = new Table().Border(TableBorder.Simple).AddColumn($"{other.Name} against {reference.Name}")
            .AddColumns(isImage ? Terminal.Figures("files", "not read", "damaged", "mean diff", "largest") : Terminal.Figures("files", "not read", "damaged", "SNR p50", "worst", "shifted", "length"))
            .AddColumns(Terminal.Figures("changed", $"{reference.Name}, per file", $"{other.Name}, per file"));
        foreach (var name in files.Select(file => file.Type).Distinct())
        {
            var type = comparison.Types.GetValueOrDefault(name) ?? new TypeParity();
            string[] differences = isImage
                ? [$"{type.Files}", $"{type.NotRead}", $"{type.Refused}", Number(type.MeanPixels, "0.000"), $"{type.LargestPixel}"]
                : [$"{type.Files}", $"{type.NotRead}", $"{type.Refused}", Number(type.MedianDecibels, "0.0"), Number(type.WorstDecibels, "0.0"), $"{type.Shifted}", $"{type.LargestLengthDifference}"];
            var costs = await Task.WhenAll(new[] { reference, other }.Select(path => DecodeCost.MeasureAsync(data, path, name, comparison.Rate, cancellationToken)));
            table.AddRow([name, .. differences, $"{type.Changed} of {type.Opinions}", .. costs.Select(cost => cost.ToString())]);
        }

        AnsiConsole.Write(table);
        foreach (var reason in comparison.Types.Values.SelectMany(type => type.NotReadReasons).Distinct())
        {
            Terminal.Line($"not read by {other.Name}: {reason}");
        }

        foreach (var (expert, (judged, right, rightToo)) in comparison.Right)
        {
            Terminal.Line($"{expert}: {Percent(right, judged):0.00} % of {judged} files right by {reference.Name}, {Percent(rightToo, judged):0.00} % by {other.Name}");
        }
    }

    private static double Percent(int part, int whole) => 100.0 * part / Math.Max(1, whole);

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
