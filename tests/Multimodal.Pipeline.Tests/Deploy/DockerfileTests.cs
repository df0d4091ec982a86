using System.Text.Json;
using System.Text.RegularExpressions;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Deploy;

/// <summary>Checks the Dockerfile as text, because the tests run without a container engine.</summary>
public sealed partial class DockerfileTests
{
    private const string Entry = "exec dotnet /app/$(< /app/program).dll \"$@\"";
    private static readonly string Root = RepositoryFiles.Root;
    private static readonly string[] Lines = [.. File.ReadAllText(Path.Combine(Root, "services", "Dockerfile"))
        .Replace("\\\n", "", StringComparison.Ordinal).Split('\n').Where(line => line.Length > 0)];

    public static TheoryData<string> Services => [.. Directory.GetDirectories(Path.Combine(Root, "services")).Select(folder => Path.GetFileName(folder)!)];

    public static TheoryData<string> Runnable => ["gpu", "service"];

    [Theory]
    [MemberData(nameof(Services))]
    public void Copies_AreThereAndNotIgnored(string service)
    {
        var sources = Lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Replace("$SERVICE", service, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToArray();

        Assert.Contains($"services/{service}", sources);
        var allowed = File.ReadAllLines(Path.Combine(Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToHashSet(StringComparer.Ordinal);
        Assert.All(sources, source =>
        {
            Assert.True(Path.Exists(Path.Combine(Root, source)), $"{source} does not exist");
            Assert.Contains(source.Split('/')[0], allowed);
        });
    }

    [Fact]
    public void Stages_AreNamedOnceAndKnown()
    {
        var stages = Lines.Select(line => Stage().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value).ToArray();

        Assert.Equal(["build", "framework", "gpu", "service", "all-in-one", "final"], stages);
        Assert.All(From().Matches(string.Join('\n', Lines)).Select(match => match.Groups["name"].Value), name => Assert.Contains(name, stages));
        Assert.Equal("VOLUME /var/lib/multimodal", Assert.Single(StageLines("all-in-one")[1..]));
        Assert.Equal(["FROM service AS final"], StageLines("final"));
    }

    [Fact]
    public void Build_Publishes_TheServiceOfTheArgument()
    {
        var build = StageLines("build");

        Assert.Contains("ARG SERVICE", build);
        Assert.Contains(build, line => line.StartsWith("RUN dotnet publish services/$SERVICE -c Release -o /app ", StringComparison.Ordinal));
        Assert.Contains("RUN basename services/$SERVICE/*.csproj .csproj > /app/program", build);
    }

    /// <summary>The image starts the program that the file names, and a folder has one project.</summary>
    [Theory]
    [MemberData(nameof(Services))]
    public void Service_Folder_HasOneProject(string service) => Assert.Single(Directory.GetFiles(Path.Combine(Root, "services", service), "*.csproj"));

    [Theory]
    [MemberData(nameof(Runnable))]
    public void Image_RunsItsProgram_AsAnUnprivilegedUser(string stage)
    {
        var lines = StageLines(stage);
        var all = string.Join('\n', lines);

        Assert.Equal(["bash", "-c", Entry, "bash"], JsonSerializer.Deserialize<string[]>(lines[^1]["ENTRYPOINT ".Length..])!);
        Assert.Equal("USER $APP_UID", lines[^2]);
        Assert.Contains("COPY --from=build /app /app", lines);
        Assert.Contains("libsndfile1 libsoxr0", all, StringComparison.Ordinal);
        Assert.Contains("EXPOSE 8080", lines);
        Assert.Contains("ASPNETCORE_HTTP_PORTS=8080", all, StringComparison.Ordinal);
        Assert.Contains("/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0", all, StringComparison.Ordinal);
        Assert.All(Settings.NamesIn(string.Join('\n', Lines)), name => Assert.True(Settings.IsKnown(name), name));
    }

    /// <summary>From a stage's FROM to the line before the next one, without comments; an instruction is one line.</summary>
    private static string[] StageLines(string name)
    {
        var from = Array.FindIndex(Lines, line => Stage().Match(line).Groups["name"].Value == name);
        Assert.True(from >= 0, $"there is no stage {name}");
        var next = Array.FindIndex(Lines, from + 1, line => line.StartsWith("FROM ", StringComparison.Ordinal));
        return [.. Lines[from..(next < 0 ? Lines.Length : next)].Where(line => !line.StartsWith('#'))];
    }

    [GeneratedRegex(@"^FROM (--platform=\S+ )?\S+ AS (?<name>\S+)$")]
    private static partial Regex Stage();

    [GeneratedRegex(@"--from=(?<name>\S+)")]
    private static partial Regex From();
}
