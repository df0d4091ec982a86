using System.Data.Common;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Prepares a copy of the recorded database, as if it had been written two minutes ago, on a database server if required.</summary>
internal static class DataFolderCopy
{
    /// <summary>
    /// Columns with a time in milliseconds since 1970. The creation time of a subscription is not changed, because the ids of events contain it.
    /// </summary>
    private static readonly (string Table, string[] Columns)[] Times =
    [
        ("requests", ["accepted_at", "deadline", "done_at"]),
        ("feedback", ["received_at"]),
        ("online_weights", ["changed_at"]),
        ("subscriptions", ["expires_at"]),
        ("deliveries", ["recorded_at", "due_at"]),
    ];

    /// <summary>Prepares the copy.</summary>
    /// <param name="file">The copy.</param>
    /// <param name="postgresql">The server to which the tables are copied; null for none.</param>
    /// <param name="hook">The current address of the webhook receiver.</param>
    public static async Task PrepareAsync(string file, string? postgresql, string hook)
    {
        await using var recorded = new SqliteConnection($"Data Source={file};Pooling=False");
        if (postgresql is null)
        {
            await UpdateAsync(recorded, hook);
            return;
        }

        await using var server = new NpgsqlConnection(postgresql);
        await server.ExecuteAsync($"CREATE SCHEMA \"{new NpgsqlConnectionStringBuilder(postgresql).SearchPath}\"");
        const string Schema = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name";
        foreach (var statement in await recorded.QueryAsync<string>(Schema))
        {
            await server.ExecuteAsync(statement);
        }

        foreach (var table in await recorded.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table'"))
        {
            foreach (IDictionary<string, object?> row in await recorded.QueryAsync($"SELECT * FROM {table}"))
            {
                var (columns, values) = (string.Join(", ", row.Keys), string.Join(", ", row.Keys.Select(column => "@" + column)));
                await server.ExecuteAsync($"INSERT INTO {table} ({columns}) VALUES ({values})", new DynamicParameters(row));
            }
        }

        await UpdateAsync(server, hook);
    }

    private static async Task UpdateAsync(DbConnection connection, string hook)
    {
        var ago = TimeProvider.System.GetUtcNow().AddMinutes(-2).ToUnixTimeMilliseconds();
        var later = ago - await connection.QuerySingleAsync<long>("SELECT MAX(accepted_at) FROM requests");
        foreach (var (table, columns) in Times)
        {
            var moved = string.Join(", ", columns.Select(column => $"{column} = {column} + @later"));
            await connection.ExecuteAsync($"UPDATE {table} SET {moved}", new { later });
        }

        Assert.Equal(1, await connection.ExecuteAsync("UPDATE subscriptions SET url = @hook WHERE url IS NOT NULL", new { hook }));
    }
}
