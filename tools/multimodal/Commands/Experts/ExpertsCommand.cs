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

/// <summary><c>multimodal experts</c>: which are worth their cost; bring one in, take one out, without training the others again.</summary>
internal static class ExpertsCommand
{
    public static Command Create() => new("experts", "Experts of an ensemble: what each is worth, bring one in, in shadow at first, take one out.")
    {
        ExpertsAddCommand.Create(), ExpertsRemoveCommand.Create(), ExpertsShadowCommand.CreatePromote(), ExpertsShadowCommand.CreateShadow(), Worth(),
    };

    private static Command Worth()
    {
        var ensemble = Shared.EnsembleOption();
        var recorded = new Option<FileInfo>("--recorded") { Description = "What `multimodal record` wrote; nothing should have been trained on it.", Required = true };
        var command = new Command("worth", "What each expert brings, whom it is most like, and whether it is worth its calls.") { ensemble, recorded };
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
