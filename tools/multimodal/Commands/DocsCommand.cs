using System.CommandLine;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal docs</c>: writes the pages that are made from the code.</summary>
internal static class DocsCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--out") { Description = "The folder of the pages.", DefaultValueFactory = _ => new DirectoryInfo("docs") };
        var command = new Command("docs", "Write the pages of docs/ that are made from the code.") { folder };
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
