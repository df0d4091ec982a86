using Dapper;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>
/// Reads how gate versions and shadow experts performed over the tenant's stored requests: over the newest answers of each version, so that a reading does not
/// take longer with more stored requests.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="newest">Maximum number of answers of each version.</param>
internal sealed class RolloutRecord(RequestDatabase database, int newest = RolloutRecord.Newest)
{
    /// <summary>Maximum number of answers of each version.</summary>
    public const int Newest = 100_000;

    /// <summary>Counts answers by version, and how many of them feedback confirmed. Versions without answers are not listed.</summary>
    public Task<IReadOnlyList<VersionRecord>> VersionsAsync(
        string tenant, string ensemble, IReadOnlyList<string> versions, CancellationToken cancellationToken) => QueryAsync<VersionRecord>(
        $"""
        SELECT r.gate AS Version, COUNT(*) AS Answers, AVG(r.confidence) AS Confidence, COUNT(f.label) AS Feedbacks,
            COALESCE(SUM(CASE WHEN f.label = r.label THEN 1 ELSE 0 END), 0) AS Hits
        FROM ({Answers(versions)}) AS r LEFT JOIN feedback AS f ON f.request_id = r.id
        GROUP BY r.gate ORDER BY r.gate
        """,
        Arguments(tenant, ensemble, versions),
        cancellationToken);

    /// <summary>
    /// Compares the opinions of shadow experts with the answers of these versions to the same requests. Experts without opinions are not listed.
    /// </summary>
    public Task<IReadOnlyList<ShadowRecord>> ShadowsAsync(
        string tenant, string ensemble, IReadOnlyList<string> versions, CancellationToken cancellationToken) => QueryAsync<ShadowRecord>(
        $"""
        SELECT s.expert AS Expert, COUNT(*) AS Opinions, SUM(CASE WHEN s.late = 1 THEN 1 ELSE 0 END) AS Late,
            SUM(CASE WHEN s.label = r.label THEN 1 ELSE 0 END) AS Agreed, COUNT(f.label) AS Feedbacks,
            SUM(CASE WHEN s.label = f.label THEN 1 ELSE 0 END) AS Hits, SUM(CASE WHEN r.label = f.label THEN 1 ELSE 0 END) AS AnswerHits,
            SUM(CASE WHEN s.label = f.label AND (r.label IS NULL OR r.label <> f.label) THEN 1 ELSE 0 END) AS ShadowOnlyHits
        FROM ({Answers(versions)}) AS r JOIN shadows AS s ON s.request_id = r.id LEFT JOIN feedback AS f ON f.request_id = r.id
        GROUP BY s.expert ORDER BY s.expert
        """,
        Arguments(tenant, ensemble, versions),
        cancellationToken);

    /// <summary>The newest answers of each version. Ids that the service assigns are in the order of acceptance; ids that AMQP clients choose may not be.</summary>
    private static string Answers(IReadOnlyList<string> versions) => string.Join(" UNION ALL ", versions.Select((_, i) =>
        $"""
        SELECT * FROM (
            SELECT id, gate, label, confidence FROM requests WHERE tenant = @tenant AND ensemble = @ensemble AND gate = @version{i}
            ORDER BY id DESC LIMIT @newest) AS r{i}
        """));

    private DynamicParameters Arguments(string tenant, string ensemble, IReadOnlyList<string> versions)
    {
        var arguments = new DynamicParameters(new { tenant, ensemble, newest });
        foreach (var (i, version) in versions.Index())
        {
            arguments.Add($"version{i}", version);
        }

        return arguments;
    }

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, DynamicParameters arguments, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(sql, arguments, cancellationToken: cancellationToken);
        return [.. await database.ReadAsync(connection => connection.QueryAsync<T>(command), cancellationToken)];
    }
}
