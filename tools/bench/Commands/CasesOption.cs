using System.CommandLine;

namespace Multimodal.Bench.Commands;

/// <summary>The option that selects the requests to post.</summary>
internal static class CasesOption
{
    /// <summary>Creates the option.</summary>
    public static Option<DirectoryInfo> Create() => new("--cases")
    {
        Description = "Folder with cases.json and its media, the requests to post.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "digits", "samples")),
    };
}
