using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Multimodal.Bench.Services;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Tests.Fakes;
using Multimodal.Pipeline.Tests.Flow;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>A database that goes away and comes back.</summary>
public sealed class StoreOutageTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _server = new();

    public void Dispose()
    {
        _folder.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void Explains_FullDisk_IsLoggedOnceAndOverAfterAWrite()
    {
        var (log, time) = (new CollectingLogger(), new FakeTimeProvider());
        var outage = new StoreOutage(time, log);
        var full = new SqliteException("database or disk is full", 13);

        Assert.True(outage.Explains(full));
        Assert.True(outage.Explains(full));
        outage.Connected();
        Assert.True(outage.IsActive);
        time.Advance(TimeSpan.FromSeconds(90));
        outage.Written();
        outage.Written();

        Assert.False(outage.IsActive);
        Assert.Equal([LogLevel.Warning, LogLevel.Information], log.Lines.Select(line => line.Level));
        Assert.Contains("database or disk is full", log.Lines[0].Message, StringComparison.Ordinal);
        Assert.Contains("90.0 s", log.Lines[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explains_BrokenConstraint_IsNoOutage()
    {
        var log = new CollectingLogger();

        Assert.False(new StoreOutage(TimeProvider.System, log).Explains(new SqliteException("UNIQUE constraint failed", 19)));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task Restart_DatabaseUnderLoad_LogsOneLinePerChange()
    {
        await using var database = new PostgresProcess(_server.Path, TimeProvider.System);
        await database.StartAsync(CancellationToken.None);
        using var log = new KeptLog();
        await using var host = await StartAsync(database, log);
        await host.Http.SubscribeAsync(new { name = "live", kind = "events" });
        using var stream = await host.Http.GetStreamAsync(new Uri("v1/events?subscription=live", UriKind.Relative));
        Assert.Equal(200, (await host.Http.PostAsync("zero")).Status);
        log.Clear();

        await database.CrashAsync();
        var refused = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => host.Http.PostAsync("zero")));
        var unread = await host.Http.ReadAsync($"v1/requests/{Guid.NewGuid()}");
        var feedback = await host.Http.FeedbackAsync(Guid.NewGuid().ToString(), new { label = "1" });
        await database.StartAsync(CancellationToken.None);
        while ((await host.Http.PostAsync("zero")).Status != 200)
        {
        }

        Assert.All(refused, reply => Assert.Equal((503, "store-unavailable"), (reply.Status, reply.Code)));
        Assert.Equal(("store-unavailable", "store-unavailable"), (unread.Code, feedback.Code));
        Assert.Single(log.Entries, entry => entry.Message.StartsWith("The request store is unavailable", StringComparison.Ordinal));
        Assert.Single(log.Entries, entry => entry.Message.StartsWith("The request store is available again", StringComparison.Ordinal));
        Assert.Single(log.Failures);
    }

    private Task<PipelineHost> StartAsync(PostgresProcess database, KeptLog log) => PipelineHost.StartAsync(
        _folder.Path,
        new ScriptedEnsemble([ScriptedExpert.Answers("t", Modality.Text, 0.8, 0.1, 0.1)]),
        builder =>
        {
            builder.Logging.AddProvider(log);
            builder.AddMultimodal();
        },
        ("Multimodal:Store:Kind", StoreOptions.Postgres),
        ("Multimodal:Store:Postgresql", database.ConnectionString("outage")),
        ("Multimodal:Store:WatchdogSeconds", "1"),
        ("Multimodal:Events:PollSeconds", "1"),
        ("Multimodal:Webhooks:PollSeconds", "1"),
        ("Multimodal:Subscriptions:SweepSeconds", "1"),
        ("Multimodal:Online:RefreshSeconds", "1"));
}
