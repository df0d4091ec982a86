using System.Diagnostics;
using System.Globalization;
using System.Net;
using Multimodal.Bench.Services;
using Multimodal.Testing;
using Multimodal.Tool.Services;

namespace Multimodal.Bench.Tests.Services;

/// <summary>The processes that the tools start: their sockets, and what is left of them.</summary>
[Collection(Group)]
public sealed class ProcessesTests : IDisposable
{
    /// <summary>The classes that start many processes, one after the other.</summary>
    public const string Group = "processes";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);
    private readonly ScratchFolder _folder = ScratchFolder.Shared();
    private readonly ProcessTree _tree;

    public ProcessesTests() => _tree = new ProcessTree(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_BrokerAndDatabase_ListenedOnLoopbackAndLeaveNothing(bool isBrokerKilled)
    {
        await using (var broker = new BrokerProcess(_folder.At("rabbitmq"), TimeProvider.System))
        await using (var database = new PostgresProcess(_folder.At("postgresql"), TimeProvider.System))
        {
            await Task.WhenAll(broker.StartAsync(default), database.StartAsync(default));
            await broker.SetMemoryLimitAsync("2GB");
            AssertLoopback("beam.smp", "epmd", "postgres");
            if (isBrokerKilled)
            {
                await broker.KillAsync();
            }
        }

        Assert.Empty(await _tree.LeftAsync());
    }

    [Fact]
    public async Task Start_AfterSigkill_UsesTheSameEpmd()
    {
        await using (var broker = new BrokerProcess(_folder.At("rabbitmq"), TimeProvider.System))
        {
            await broker.StartAsync(default);
            await broker.KillAsync();
            await broker.StartAsync(default);
            Assert.Single(_tree.Running().Values, "epmd");
            AssertLoopback("beam.smp", "epmd");
        }

        Assert.Empty(await _tree.LeftAsync());
    }

    [Fact]
    public async Task Up_Killed_ListenedOnLoopbackAndLeavesNothing()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        string[] arguments =
        [
            RepositoryFiles.At("artifacts", "bin", "Multimodal.Bench", configuration, "Multimodal.Bench.dll"),
            "up", "--folder", _folder.Path, "--gateways", "2", "--port", Ports.Free().ToString(CultureInfo.InvariantCulture),
        ];
        using var up = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = up.StandardOutput.ReadToEndAsync();
        var errors = up.StandardError.ReadToEndAsync();
        try
        {
            await UntilReadyAsync(up);
            AssertLoopback("beam.smp", "epmd", "postgres", "dotnet");
        }
        finally
        {
            up.Kill();
        }

        await up.WaitForExitAsync();
        var left = await _tree.LeftAsync();
        Assert.True(!left.Any(), $"left: {string.Join(", ", left)}\n{await output}{await errors}");
    }

    private void AssertLoopback(params string[] programs)
    {
        var listeners = _tree.Listeners();
        Assert.All(programs, program => Assert.Contains(listeners, listener => listener.Process == program));
        Assert.All(listeners, listener => Assert.True(IPAddress.IsLoopback(listener.Address.Address), $"{listener.Process} listens on {listener.Address}"));
    }

    private async Task UntilReadyAsync(Process up)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!File.Exists(_folder.At("ready")))
        {
            Assert.False(up.HasExited, "bench up ended before it was ready");
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, "bench up was not ready in time");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
