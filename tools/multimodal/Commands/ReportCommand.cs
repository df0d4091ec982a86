using System.CommandLine;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Fusion;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Tool.Common;
using Multimodal.Tool.DataSets;
using Multimodal.Tool.Report;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal report</c>: writes one self-contained page about an ensemble's behaviour on recorded opinions.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo>("--recorded") { Description = "Output of `multimodal record`.", Required = true };
        var output = new Option<FileInfo>("--out")
        {
            Description = "HTML file to write.",
            DefaultValueFactory = _ => new FileInfo(Path.Combine("artifacts", "report.html")),
        };
        var seed = Shared.SeedOption();
        var command = new Command(
            "report", "Write plots of quality, cost, selection, experts and online weights as one HTML page.")
        {
            ensemble, recorded, output, seed,
        };
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(ensemble), parse.GetRequiredValue(recorded), parse.GetRequiredValue(output), parse.GetValue(seed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo folder, FileInfo recorded, FileInfo output, int seed, CancellationToken cancellationToken)
    {
        var package = EnsemblePackageReader.Read(folder.FullName, new MediaOptions()).OrThrow();
        var combiner = CombinerState.FromJson(await File.ReadAllTextAsync(package.CombinerFile, cancellationToken));
        var (gate, set) = await DeployedEnsemble.ReadAsync(package, await RecordedFile.ReadAsync(recorded.FullName, cancellationToken), cancellationToken);
        package = ShadowExperts.RemoveFrom(package);
        output.Directory!.Create();
        await File.WriteAllTextAsync(output.FullName, ReportPage.Write(new ReportInput(package, gate, combiner, set, seed)), cancellationToken);
        Terminal.Line($"{output.FullName}");
        return 0;
    }
}
