using System.CommandLine;
using Multimodal.Inference.Packages;
using Multimodal.Tool.Commands;
using Multimodal.Tool.Commands.Experts;
using Multimodal.Tool.Commands.Gate;
using Multimodal.Tool.Commands.Keys;
using Spectre.Console;

// A pipe or a log has no width of its own; tables must not wrap there.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 140;
}

var root = new RootCommand("Multimodal: ask several experts, know whom to trust.");
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(RecordCommand.Create());
root.Subcommands.Add(TrainCommand.Create());
root.Subcommands.Add(EvaluateCommand.Create());
root.Subcommands.Add(CompareGatesCommand.Create());
root.Subcommands.Add(ExpertsCommand.Create());
root.Subcommands.Add(GateCommand.Create());
root.Subcommands.Add(ExplainCommand.Create());
root.Subcommands.Add(KeysCommand.Create());
root.Subcommands.Add(ReportCommand.Create());
root.Subcommands.Add(BenchLearningCommand.Create());
root.Subcommands.Add(BenchDigitsCommand.Create());
root.Subcommands.Add(CrashCommand.Create());
root.Subcommands.Add(UpCommand.Create());
root.Subcommands.Add(ChaosCommand.Create());
root.Subcommands.Add(OverloadCommand.Create());
root.Subcommands.Add(ScaleCommand.Create());
root.Subcommands.Add(AbsentCommand.Create());
root.Subcommands.Add(PathCommand.Create());
root.Subcommands.Add(PathPeerCommand.Create());
root.Subcommands.Add(CheckGpuCommand.Create());
root.Subcommands.Add(ParityCommand.Create());
root.Subcommands.Add(ParityCommand.CreateCost());
root.Subcommands.Add(PreprocessCommand.Create());
root.Subcommands.Add(DocsCommand.Create());
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is InvalidDataException or InvalidPackageException or FormatException or IOException)
{
    // What is wrong with somebody's files is said in a line; anything else is a bug and keeps its trace.
    Terminal.Line($"[red]{exception.Message}[/]");
    return 1;
}
