using System.Collections.Concurrent;
using Dapper;
using Microsoft.Data.Sqlite;
using Multimodal.Pipeline.Gateway.Store;
using SQLitePCL;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>Records the statements that SQLite runs on one connection, with the values of their parameters.</summary>
internal sealed class SqliteStatements
{
    private static readonly string[] Verbs = ["SELECT", "INSERT", "UPDATE", "DELETE"];
    private readonly ConcurrentQueue<string> _statements = [];

    private SqliteStatements()
    {
    }

    /// <summary>Records what the writer runs from now on.</summary>
    public static Task<SqliteStatements> TraceWritesAsync(GroupedWriter writer) =>
        writer.RunAsync(transaction => Task.FromResult(Trace((SqliteConnection)transaction.Connection!)));

    /// <summary>Records what the idle connection of the pool runs from now on: that of all reads of a test without concurrency.</summary>
    public static async Task<SqliteStatements> TraceReadsAsync(RequestDatabase database)
    {
        await using var connection = await database.OpenAsync(default);
        return Trace((SqliteConnection)connection);
    }

    /// <summary>Removes and returns the statements recorded so far, without those that only open a connection or a transaction.</summary>
    public IReadOnlyList<string> Take()
    {
        List<string> taken = [];
        while (_statements.TryDequeue(out var statement))
        {
            if (Verbs.Any(verb => statement.TrimStart().StartsWith(verb, StringComparison.Ordinal)))
            {
                taken.Add(statement);
            }
        }

        return taken;
    }

    /// <summary>The parts of the statements' plans that read a whole table or index.</summary>
    public static async Task<IReadOnlyList<string>> ScansAsync(RequestDatabase database, IEnumerable<string> statements)
    {
        List<string> scans = [];
        await using var connection = await database.OpenAsync(default);
        foreach (var statement in statements)
        {
            var plan = await connection.QueryAsync<(long, long, long, string Detail)>($"EXPLAIN QUERY PLAN {statement}");
            scans.AddRange(plan.Select(step => step.Detail)
                .Where(detail => detail.StartsWith("SCAN", StringComparison.Ordinal) && detail != "SCAN CONSTANT ROW")
                .Select(detail => $"{detail}: {statement}"));
        }

        return scans;
    }

    private static SqliteStatements Trace(SqliteConnection connection)
    {
        var statements = new SqliteStatements();
        raw.sqlite3_trace(connection.Handle, (_, statement) => statements._statements.Enqueue(statement), null);
        return statements;
    }
}
