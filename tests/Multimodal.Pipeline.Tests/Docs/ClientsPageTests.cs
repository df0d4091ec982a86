using System.Text.RegularExpressions;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Docs;

/// <summary>The examples in docs/clients.md are the programs that tests run.</summary>
public sealed class ClientsPageTests
{
    [Fact]
    public async Task CSharpExample_IsTheTestThatRunsIt()
    {
        var page = await File.ReadAllTextAsync(RepositoryFiles.At("docs", "clients.md"));
        var test = await File.ReadAllTextAsync(RepositoryFiles.At("tests", "Multimodal.Pipeline.Tests", "Flow", "AmqpTests.cs"));
        var example = page.Split("```csharp\n")[1].Split("```")[0];

        Assert.Contains(Joined(example), Joined(test), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MassTransitExample_IsTheProgramThatATestRuns()
    {
        var page = await File.ReadAllTextAsync(RepositoryFiles.At("docs", "clients.md"));
        var program = await File.ReadAllTextAsync(RepositoryFiles.At("examples", "masstransit", "Program.cs"));
        var example = page.Split("## With MassTransit")[1].Split("```csharp\n")[1].Split("```")[0];

        Assert.Equal(program, example);
    }

    [Fact]
    public async Task CurlExampleWithAFile_PostedAsWritten_IsAnswered()
    {
        var page = await File.ReadAllTextAsync(RepositoryFiles.At("docs", "clients.md"));
        var example = page.Split("## Ways to send a request")[1].Split("```sh\n")[1].Split("```")[0];
        var (type, file, query) = (Match(example, "Content-Type: ([^']+)'"), Match(example, "--data-binary @(\\S+)"), Match(example, "/v1/requests([^']+)'"));
        using var folder = new ScratchFolder();
        await using var host = await PipelineHost.StartAsync(folder.Path);

        var reply = await host.PostAsync($"Content-Type: {type}", await File.ReadAllBytesAsync(RepositoryFiles.At(file)), query);

        Assert.Equal((200, "completed", "7"), (reply.Status, reply.Text("status"), reply.Text("label")));
        Assert.Equal("answered", reply.StateOf("vision-handwritten"));
    }

    private static string Match(string text, string pattern) => Regex.Match(text, pattern).Groups[1].Value;

    /// <summary>Returns the lines without indentation.</summary>
    private static string Joined(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
