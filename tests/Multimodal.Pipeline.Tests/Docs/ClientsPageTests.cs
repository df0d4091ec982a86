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

    /// <summary>Returns the lines without indentation.</summary>
    private static string Joined(string code) =>
        string.Join('\n', code.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
