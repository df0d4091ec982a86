using System.CommandLine;

var root = new RootCommand("Multimodal: ask several experts, know whom to trust.");
return await root.Parse(args).InvokeAsync();
