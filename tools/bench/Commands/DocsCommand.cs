using System.CommandLine;
using Multimodal.Bench.Docs;
using Multimodal.Pipeline.Hosting;
using Multimodal.Tool.Common;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench docs</c>: writes the generated pages of docs/.</summary>
internal static class DocsCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--out")
        {
            Description = "Output folder.",
            DefaultValueFactory = _ => new DirectoryInfo("docs"),
        };
        var command = new Command("docs", "Write the generated pages of docs/.") { folder };
        command.SetAction(async (parse, cancel) =>
        {
            var docs = parse.GetRequiredValue(folder).FullName;
            var decisions = Path.Combine(docs, "decisions");
            foreach (var (name, text) in new[] { ("configuration.md", ConfigurationPage.Write()), ("metrics.md", MetricsPage.Write()), ("decisions/README.md", DecisionsPage.Write(decisions)) })
            {
                var page = Path.Combine(docs, name);
                await File.WriteAllTextAsync(page, text, cancel);
                Terminal.Line($"{page}");
            }

            return 0;
        });
        return command;
    }
}
