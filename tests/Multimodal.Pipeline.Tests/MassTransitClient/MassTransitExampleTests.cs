using System.Diagnostics;
using System.Globalization;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.MassTransitClient;

/// <summary>The program in examples/masstransit, which docs/clients.md shows.</summary>
[Collection(BrokerFixture.Name)]
public sealed class MassTransitExampleTests(BrokerFixture broker) : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TestTransport _transport = broker.NewTransport();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Example_AsksAndPrintsItsAnswer()
    {
        await using var host = await PipelineHost.StartAsync(
            _folder.Path, [ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)], [.. await _transport.SettingsAsync()]);
        var settings = (await _transport.SettingsAsync()).ToDictionary(setting => setting.Key, setting => setting.Value);
        var amqp = string.Create(
            CultureInfo.InvariantCulture,
            $"amqp://guest:guest@127.0.0.1:{settings["Multimodal:Transport:Broker:Port"]}/{settings["Multimodal:Transport:Broker:VirtualHost"]}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        var program = new DirectoryInfo(AppContext.BaseDirectory).Name;
        foreach (var argument in new[] { RepositoryFiles.At("artifacts", "bin", "Multimodal.Examples.MassTransit", program, "Multimodal.Examples.MassTransit.dll"), amqp, "seven" })
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }

        Assert.True(process.ExitCode == 0, await errors + await output);
        Assert.Matches(@"(?s)sent (?<id>[0-9a-f-]{36})\n.*\k<id> Completed 0 0\.800\n", await output);
    }
}
