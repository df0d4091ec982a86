using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Testing;
using Npgsql;

namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>A database of an earlier build, opened by this build.</summary>
public abstract class EarlierDatabaseScenarios(string? postgresql) : IDisposable
{
    private static readonly Guid Request = Guid.Parse("01a21432-c4c7-7d01-8a70-d0f5eed33a52");
    private readonly ScratchFolder _folder = new();

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(EarlierSchema.First)]
    [InlineData(EarlierSchema.BeforeVersions)]
    public async Task Start_AcceptedUnansweredRow_IsAnswered(string schema)
    {
        await WriteAsync(schema);

        // Start twice. The second start finds nothing to migrate and nothing to answer.
        Reply? first = null;
        for (var start = 0; start < 2; start++)
        {
            await using var host = await PipelineHost.StartAsync(_folder.Path, Settings());
            var result = await host.Http.ReadAsync($"v1/requests/{Request}", wait: 30);

            Assert.Equal(("completed", "7"), (result.Text("status"), result.Text("label")));
            Assert.Equal(2, (await host.Get<RequestStore>().FindAsync("default", Request, default))!.Sends);
            Assert.Equal((first ??= result).Body, result.Body);
        }
    }

    [Fact]
    public async Task Migrate_ManyAtOnce_AllSucceed()
    {
        await WriteAsync(EarlierSchema.BeforeVersions);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ =>
        {
            await using var database = Open();
            await database.MigrateAsync(default);
        }));

        await using var migrated = Open();
        await using var connection = await migrated.OpenAsync(default);
        Assert.Equal(0, await connection.QuerySingleAsync<long>("SELECT count(*) FROM requests WHERE gate IS NOT NULL OR label IS NOT NULL OR confidence IS NOT NULL"));
        Assert.Equal(1, await connection.QuerySingleAsync<long>("SELECT count(*) FROM requests"));
    }

    private async Task WriteAsync(string schema)
    {
        await using var database = Open();
        await using var connection = await database.OpenAsync(default);
        if (postgresql is not null)
        {
            await connection.ExecuteAsync($"CREATE SCHEMA \"{new NpgsqlConnectionStringBuilder(postgresql).SearchPath}\"");
        }

        var accepted = new DateTimeOffset(2026, 11, 25, 19, 33, 21, TimeSpan.Zero).ToUnixTimeMilliseconds();
        await connection.ExecuteAsync(schema);
        await connection.ExecuteAsync(
            """
            INSERT INTO requests (id, tenant, ensemble, idempotency_key, fingerprint, fuse, accepted_at, budget, deadline, sends)
            VALUES (@Id, 'default', 'digits', NULL, 'print', @Fuse, @accepted, 30000, @accepted + 30000, 1)
            """,
            new { Id = Request.ToString("n"), EarlierSchema.Fuse, accepted });
    }

    private RequestDatabase Open()
    {
        var options = new StoreOptions { SurvivePowerLoss = false };
        if (postgresql is not null)
        {
            (options.Kind, options.Postgresql) = (StoreOptions.Postgres, postgresql);
        }

        return new RequestDatabase(_folder.At("requests.db"), options, TimeProvider.System, NullLogger<RequestDatabase>.Instance);
    }

    private (string, string)[] Settings() => postgresql is null
        ? []
        : [("Multimodal:Store:Kind", "postgresql"), ("Multimodal:Store:Postgresql", postgresql)];
}
