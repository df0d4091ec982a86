using System.CommandLine;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Tests.Deploy;
using Multimodal.Tool.Commands.Keys;

namespace Multimodal.Pipeline.Tests.Tool;

public sealed class KeysCommandTests
{
    [Fact]
    public async Task New_Settings_AreWhatTheServiceReadsAndKnowTheKey()
    {
        var (code, lines) = await RunAsync("new", "shop", "--tenant", "acme", "--rate", "2.5", "--burst", "7");
        var key = Assert.Single(lines, line => line.StartsWith("mm_", StringComparison.Ordinal));
        var settings = lines.Where(line => line.StartsWith("Multimodal__", StringComparison.Ordinal)).Select(line => line.Split('=')).ToArray();

        var options = Settings.Bind(settings.Select(setting => KeyValuePair.Create(setting[0], setting[1])));
        var caller = new KeyRing(options.Keys.Values, TimeProvider.System).Find(key);

        Assert.Equal(0, code);
        Assert.Equal("acme", caller!.Tenant);
        Assert.Equal((2.5, 7), (options.Keys["shop"].RequestsPerSecond, options.Keys["shop"].Burst));
        Assert.DoesNotContain(settings, setting => setting[1].Contains(key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_Twice_MakesTwoKeysThatCannotBeGuessed()
    {
        var keys = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            keys.Add(Assert.Single((await RunAsync("new", "a")).Lines, line => line.StartsWith("mm_", StringComparison.Ordinal)));
        }

        Assert.All(keys, key => Assert.Matches("^mm_[A-Za-z0-9_-]{43}$", key));
        Assert.NotEqual(keys[0], keys[1]);
    }

    [Theory]
    [InlineData("new")]
    [InlineData("new a.b")]
    [InlineData("new a --tenant a/b")]
    [InlineData("new a --rate 0")]
    [InlineData("new a --burst 3")]
    [InlineData("new a --rate 1 --burst 0")]
    public async Task New_BadArguments_MakesNoKey(string arguments)
    {
        var (code, lines) = await RunAsync(arguments.Split(' '));

        Assert.NotEqual(0, code);
        Assert.DoesNotContain(lines, line => line.Contains("mm_", StringComparison.Ordinal));
    }

    private static async Task<(int Code, string[] Lines)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await KeysCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = errors });
        return (code, output.ToString().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }
}
