using System.CommandLine;
using Multimodal.Tool.Commands;

var root = new RootCommand("Multimodal: ask several experts, know whom to trust.");
root.Subcommands.Add(DemoCommand.Create());
root.Subcommands.Add(PreprocessCommand.Create());
return await root.Parse(args).InvokeAsync();
