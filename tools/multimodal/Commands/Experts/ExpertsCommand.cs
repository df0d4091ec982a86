using System.CommandLine;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Learning.Evaluation;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Tool.Common;
using Multimodal.Tool.DataSets;
using Multimodal.Tool.Studies;

namespace Multimodal.Tool.Commands.Experts;

/// <summary>
/// <c>multimodal experts</c>: shows what each expert is worth, and adds or removes experts without retraining the others.
/// </summary>
internal static class ExpertsCommand
{
    public static Command Create() => new("experts", "Experts of an ensemble: evaluate, add, shadow, promote, remove.")
    {
        ExpertsAddCommand.Create(), ExpertsRemoveCommand.Create(), ExpertsShadowCommand.CreatePromote(), ExpertsShadowCommand.CreateShadow(), Worth(),
    };

    private static Command Worth()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo>("--recorded")
        {
            Description = "Output of `multimodal record` that was not used for training.",
            Required = true,
        };
        var command = new Command(
            "worth", "Contribution of each expert, its most similar expert, and whether it is worth its cost.")
        {
            ensemble, recorded,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var package = EnsemblePackageReader.Read(parse.GetRequiredValue(ensemble).FullName, new MediaOptions()).OrThrow();
            var set = await RecordedFile.ReadAsync(parse.GetRequiredValue(recorded).FullName, cancel);
            var gate = Gates.FromJson(await File.ReadAllTextAsync(package.GateFile, cancel));
            var combiner = CombinerState.FromJson(await File.ReadAllTextAsync(package.CombinerFile, cancel));
            var rule = FusionRules.Table[package.Defaults.Fusion](combiner);
            var policy = new SelectionPolicy(gate, package.Defaults.Strategy) { K = package.Defaults.K };
            AblationTable.Write(set, ExpertAblation.Of(set, policy, rule), Redundancy.Of(set));
            return 0;
        });
        return command;
    }
}
