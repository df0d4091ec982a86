using System.Text.RegularExpressions;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Deploy;

/// <summary>Checks of Dockerfiles that do not require a container engine.</summary>
public sealed partial class DockerfileTests
{
    private static readonly string Root = RepositoryFiles.Root;

    public static TheoryData<string> Services => [.. Directory.GetDirectories(Path.Combine(Root, "services")).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Services))]
    public void Copies_AreThereAndNotIgnored(string service)
    {
        var lines = Lines(service);
        var stages = lines.Select(line => Stage().Match(line)).Where(match => match.Success).Select(match => match.Groups["name"].Value).ToArray();
        var sources = lines.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToArray();

        Assert.Equal(stages.Length, stages.Distinct().Count());
        Assert.All(From().Matches(string.Join('\n', lines)).Select(match => match.Groups["name"].Value), name => Assert.Contains(name, stages));
        Assert.NotEmpty(sources);
        var allowed = File.ReadAllLines(Path.Combine(Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToHashSet(StringComparer.Ordinal);
        Assert.All(sources, source =>
        {
            Assert.True(Path.Exists(Path.Combine(Root, source)), $"{source} does not exist");
            Assert.Contains(source.Split('/')[0], allowed);
        });
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Image_RunsItsProgramAsNobodyInParticular(string service)
    {
        var lines = Lines(service);
        var project = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(Path.Combine(Root, "services", service), "*.csproj")));
        var final = lines[lines.ToList().FindLastIndex(line => line.StartsWith("FROM ", StringComparison.Ordinal))..];
        var all = string.Join('\n', final);

        Assert.Contains(lines, line => line.StartsWith($"RUN dotnet publish services/{service} -c Release -o /app", StringComparison.Ordinal));
        Assert.Equal($"ENTRYPOINT [\"dotnet\", \"/app/{project}.dll\"]", final[^1]);
        Assert.Equal("USER $APP_UID", final[^2]);
        Assert.Contains("libsndfile1 libsoxr0", all, StringComparison.Ordinal);
        Assert.Contains("EXPOSE 8080", final);
        Assert.Contains("ASPNETCORE_HTTP_PORTS=8080", all, StringComparison.Ordinal);
        Assert.Contains("/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0", all, StringComparison.Ordinal);
        Assert.All(Settings.NamesIn(string.Join('\n', lines)), name => Assert.True(Settings.IsKnown(name), name));
    }

    [Fact]
    public void Dockerfiles_OfTheServices_DifferOnlyInTheService()
    {
        var combiner = Plain("combiner", "Combiner");

        Assert.Equal(combiner, Plain("gateway", "Gateway"));
        Assert.Equal(combiner, Plain("text-expert", "TextExpert"));
        Assert.Equal(combiner, Plain("audio-expert", "AudioExpert"));
    }

    private static string Plain(string service, string program) =>
        string.Join('\n', Lines(service)[1..]).Replace($"services/{service}", "services/x", StringComparison.Ordinal).Replace($"Multimodal.{program}.dll", "x.dll", StringComparison.Ordinal);

    /// <summary>Instructions, each on one line.</summary>
    private static string[] Lines(string service) => [.. File.ReadAllText(Path.Combine(Root, "services", service, "Dockerfile"))
        .Replace("\\\n", "", StringComparison.Ordinal).Split('\n').Where(line => line.Length > 0)];

    [GeneratedRegex(@"^FROM (--platform=\S+ )?\S+ AS (?<name>\S+)$")]
    private static partial Regex Stage();

    [GeneratedRegex(@"--from=(?<name>\S+)")]
    private static partial Regex From();
}
