using System.Text.Json;
using System.Xml.Linq;
using Multimodal.Structure.Checkouts;

namespace Multimodal.Structure.Tests.Rules;

/// <summary>Rules that hold for the whole source tree.</summary>
public sealed class SourceTests
{
    private static readonly string Root = Checkout.Find(AppContext.BaseDirectory).Root;
    private static readonly string[] SourceFolders = ["eng", "examples", "services", "shared", "tests", "tools"];

    [Theory]
    [InlineData("Contracts", new string[0])]
    [InlineData("Learning", new string[0])]
    [InlineData("Inference", new[] { "Multimodal.Contracts" })]
    [InlineData("MassTransit", new[] { "Multimodal.Contracts" })]
    [InlineData("Pipeline", new[] { "Multimodal.Contracts", "Multimodal.Inference", "Multimodal.Learning" })]
    public void Library_References_OnlyWhatItMay(string library, string[] allowed)
    {
        var references = References(Path.Combine(Root, "shared", $"Multimodal.{library}", $"Multimodal.{library}.csproj"), "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            .Where(name => name.StartsWith("Multimodal.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

        Assert.Equal(allowed, references);
    }

    [Fact]
    public void Contracts_References_NoPackage() =>
        Assert.Empty(References(Path.Combine(Root, "shared", "Multimodal.Contracts", "Multimodal.Contracts.csproj"), "PackageReference"));

    /// <summary><c>make train-gate</c> reproduces the shipped files, version included.</summary>
    [Fact]
    public void Makefile_GateVersion_IsTheShippedPairs()
    {
        var version = File.ReadLines(Path.Combine(Root, "Makefile")).Single(line => line.StartsWith("GATE_VERSION ?= ", StringComparison.Ordinal)).Split(' ')[^1];

        foreach (var file in new[] { "gate.json", "combiner.json" })
        {
            using var state = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, "models", "digits", file)));
            Assert.Equal(version, state.RootElement.GetProperty("version").GetString());
        }
    }

    /// <summary>The pipeline uses RabbitMQ.Client directly. MassTransit is for clients; no service loads it.</summary>
    [Theory]
    [InlineData("MassTransit", new[] { "Multimodal.MassTransit" })]
    [InlineData("RabbitMQ.Client", new[] { "Multimodal.Pipeline" })]
    public void Bus_IsReferenced_ByTheseProjectsAlone(string package, string[] allowed)
    {
        var users = Projects().Where(project => References(project, "PackageReference").Any(name => name.StartsWith(package, StringComparison.Ordinal)));

        Assert.Equal(allowed, users.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Hosts_Reference_PipelineAlone()
    {
        var hosts = Projects().Where(project => project.Contains($"{Path.DirectorySeparatorChar}services{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(hosts);
        Assert.All(hosts, host => Assert.EndsWith("Multimodal.Pipeline.csproj", Assert.Single(References(host, "ProjectReference")), StringComparison.Ordinal));
        Assert.All(hosts, host => Assert.True(File.ReadLines(Path.Combine(Path.GetDirectoryName(host)!, "Program.cs")).Count() < 40, host));
    }

    [Fact]
    public void CodeFiles_AreShort()
    {
        var files = Files("*.cs").Where(file => File.ReadLines(file).Count() > 400).Select(file => Path.GetRelativePath(Root, file));

        Assert.Empty(files);
    }

    [Fact]
    public void FileNames_HaveNoSpaces() =>
        Assert.All(Files("*"), file => Assert.DoesNotContain(' ', Path.GetRelativePath(Root, file)));

    private static IEnumerable<string> Projects() => Files("*.csproj");

    private static IEnumerable<string> Files(string pattern) => SourceFolders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories))
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts" or "node_modules" or "__pycache__"));

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Load(project).Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);
}
