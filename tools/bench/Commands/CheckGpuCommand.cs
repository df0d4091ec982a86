using System.CommandLine;
using System.Globalization;
using Multimodal.Bench.GpuCheck;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;
using Multimodal.Tool.Common;
using Spectre.Console;

namespace Multimodal.Bench.Commands;

/// <summary>
/// <c>bench check-gpu</c>: runs every model of an ensemble on the CPU and on the GPU, compares the outputs and measures batches
/// 1 to 64. Exits 1 if a model differs, 2 if no GPU is available.
/// </summary>
internal static class CheckGpuCommand
{
    // TF32 keeps 10 bits of a float's mantissa; the error of a few layers stays below this bound.
    private const double MaxRelativeDifference = 0.01;
    private const int MaxBatch = 64, Rows = 512, Runs = 21;

    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var provider = new Option<ExecutionProvider>("--provider") { Description = "Cuda or TensorRt.", DefaultValueFactory = _ => ExecutionProvider.Cuda };
        var device = new Option<int>("--device") { Description = "Index of the GPU, from 0." };
        var command = new Command("check-gpu", "Compare every model on CPU and GPU and measure batches 1 to 64.") { ensemble, provider, device };
        command.SetAction(parse => Run(
            parse.GetRequiredValue(ensemble), new ExecutionOptions { Provider = parse.GetValue(provider), DeviceId = parse.GetValue(device) }, TimeProvider.System));
        return command;
    }

    private static int Run(DirectoryInfo folder, ExecutionOptions execution, TimeProvider time)
    {
        var limits = new MediaOptions();
        var ensemble = EnsemblePackageReader.Read(folder.FullName, limits).OrThrow();
        using var cpu = SessionOptionsFactory.Cpu(execution);
        using var gpu = SessionOptionsFactory.Gpu(execution.Provider, execution, out var failure);
        if (gpu is null)
        {
            Terminal.Line($"[red]No GPU is available: {failure!.Reason} {ExecutionUnavailableException.Remedy}[/]");
            return 2;
        }

        var differences = new Table().Border(TableBorder.Simple).AddColumn("model").AddColumns(
            Terminal.Figures("rows", "changed labels", "largest difference", "relative"));
        var speeds = new Table().Border(TableBorder.Simple).AddColumn("model").AddColumns(Terminal.Figures("batch", "CPU ms", "GPU ms", "times faster", "GPU items/s"));
        var different = new List<string>();
        foreach (var package in ensemble.Experts.Select(expert => expert.Package))
        {
            using var reference = Open(package, cpu, limits, bindsMemory: false);
            using var other = Open(package, gpu, limits, bindsMemory: true);
            var difference = SessionComparison.Compare(reference, other, Rows, MaxBatch, seed: 1);
            differences.AddRow(
                package.Name, $"{difference.Rows}", $"{difference.ChangedLabels}", Number(difference.Largest, "0.0e+0"), Number(difference.Relative, "0.0e+0"));
            if (difference.Relative > MaxRelativeDifference)
            {
                different.Add(package.Name);
            }

            for (var batch = 1; batch <= MaxBatch; batch *= 2)
            {
                var (slow, fast) = (SessionComparison.Measure(reference, batch, Runs, time), SessionComparison.Measure(other, batch, Runs, time));
                speeds.AddRow(
                    package.Name, $"{batch}", Number(slow.TotalMilliseconds, "0.000"), Number(fast.TotalMilliseconds, "0.000"), Number(slow / fast, "0.0"),
                    Number(batch / fast.TotalSeconds, "0"));
            }
        }

        AnsiConsole.Write(differences);
        AnsiConsole.Write(speeds);
        foreach (var name in different)
        {
            Terminal.Line(
                $"[red]{name} differs between CPU and {SessionOptionsFactory.Device(execution.Provider, execution)} by more than {MaxRelativeDifference} of its largest output.[/]");
        }

        return different.Count == 0 ? 0 : 1;
    }

    private static OnnxSession Open(ExpertPackage package, Microsoft.ML.OnnxRuntime.SessionOptions options, MediaOptions limits, bool bindsMemory)
    {
        var row = PreprocessorReader.Read(
            new PreprocessorContext(package.Preprocessing, package.Folder, limits), PreprocessorTable.ByKind,
            (key, problem) => throw new InvalidDataException($"{package.Folder}: {key} {problem}"))!.Row;
        var tensors = new ModelTensors(package.Input, row, package.Output, package.Labels.Count);
        return new OnnxSession(package.ModelPath, options, tensors, new SessionPlan(MaxBatch, BindsMemory: bindsMemory));
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
