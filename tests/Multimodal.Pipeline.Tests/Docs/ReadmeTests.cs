using System.Text.Json;
using System.Text.RegularExpressions;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Docs;

/// <summary>Posts the request in README to the real ensemble and compares the answer with README.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task Example_PostedAsWritten_AnswersAsWritten()
    {
        var readme = await File.ReadAllTextAsync(RepositoryFiles.At("README.md"));
        var form = Fields().Matches(Block(readme, "request", "sh")).ToDictionary(
            field => field.Groups["name"].Value, field => field.Groups["value"].Value.Trim('\''));
        var written = JsonDocument.Parse(Block(readme, "answer", "json")).RootElement;

        var data = Directory.CreateTempSubdirectory("multimodal-readme-");
        try
        {
            await using var host = await PipelineHost.StartAsync(data.FullName);
            var reply = await host.Http.PostAsync(
                text: form["text"], image: await File.ReadAllBytesAsync(RepositoryFiles.At(form["image"].TrimStart('@'))));

            Assert.Equal(200, reply.Status);
            AssertSame(written, reply.Json, "$");
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Checks that the answer contains every member in README, at the same path. README omits details of experts that were not asked. Numbers
    /// are compared to two decimals, because builds of ONNX Runtime differ. Ids and times are not compared.
    /// </summary>
    private static void AssertSame(JsonElement written, JsonElement actual, string path)
    {
        Assert.True(written.ValueKind == actual.ValueKind, $"{path} is {actual.ValueKind}, README says {written.ValueKind}");
        switch (written.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in written.EnumerateObject())
                {
                    Assert.True(actual.TryGetProperty(member.Name, out var value), $"{path} has no {member.Name}");
                    if (member.Name is not ("id" or "timings"))
                    {
                        AssertSame(member.Value, value, $"{path}.{member.Name}");
                    }
                }

                break;
            case JsonValueKind.Array:
                Assert.InRange(written.GetArrayLength(), 1, actual.GetArrayLength());
                foreach (var (first, second) in written.EnumerateArray().Zip(actual.EnumerateArray()))
                {
                    AssertSame(first, second, $"{path}[]");
                }

                break;
            case JsonValueKind.Number:
                Assert.True(Math.Abs(written.GetDouble() - actual.GetDouble()) < 0.02, $"{path} is {actual}, README says {written}");
                break;
            default:
                Assert.True(written.ToString() == actual.ToString(), $"{path} is {actual}, README says {written}");
                break;
        }
    }

    private static string Block(string readme, string name, string language)
    {
        var block = Regex.Match(readme, $"<!-- example: {name} -->\\s*```{language}\\n(?<text>.*?)```", RegexOptions.Singleline);
        Assert.True(block.Success, $"README.md has no {language} block after <!-- example: {name} -->");
        return block.Groups["text"].Value;
    }

    [GeneratedRegex(@"-F (?<name>\w+)=(?<value>'[^']*'|\S+)")]
    private static partial Regex Fields();
}
