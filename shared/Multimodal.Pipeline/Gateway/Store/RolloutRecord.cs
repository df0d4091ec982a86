using Dapper;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>Reads how gate versions and shadow experts performed over the tenant's stored requests.</summary>
internal sealed class RolloutRecord(RequestDatabase database)
{
    /// <summary>Counts answers by version, and how many of them feedback confirmed. Versions without answers are not listed.</summary>
    public Task<IReadOnlyList<VersionRecord>> VersionsAsync(string tenant, string ensemble, CancellationToken cancellationToken) => QueryAsync<VersionRecord>(
        """
        SELECT r.gate AS Version, COUNT(*) AS Answers, AVG(r.confidence) AS Confidence, COUNT(f.label) AS Feedbacks,
            COALESCE(SUM(CASE WHEN f.label = r.label THEN 1 ELSE 0 END), 0) AS Hits
        FROM requests r LEFT JOIN feedback f ON f.request_id = r.id
        WHERE r.tenant = @tenant AND r.ensemble = @ensemble AND r.gate IS NOT NULL
        GROUP BY r.gate ORDER BY r.gate
        """,
        tenant,
        ensemble,
        cancellationToken);

    /// <summary>
    /// Compares the opinions of shadow experts with the answers to the same requests. Experts without opinions are not listed.
    /// </summary>
    public Task<IReadOnlyList<ShadowRecord>> ShadowsAsync(string tenant, string ensemble, CancellationToken cancellationToken) => QueryAsync<ShadowRecord>(
        """
        SELECT s.expert AS Expert, COUNT(*) AS Opinions, SUM(CASE WHEN s.late = 1 THEN 1 ELSE 0 END) AS Late,
            SUM(CASE WHEN s.label = r.label THEN 1 ELSE 0 END) AS Agreed, COUNT(f.label) AS Feedbacks,
            SUM(CASE WHEN s.label = f.label THEN 1 ELSE 0 END) AS Hits, SUM(CASE WHEN r.label = f.label THEN 1 ELSE 0 END) AS AnswerHits,
            SUM(CASE WHEN s.label = f.label AND (r.label IS NULL OR r.label <> f.label) THEN 1 ELSE 0 END) AS ShadowOnlyHits
        FROM shadows s JOIN requests r ON r.id = s.request_id LEFT JOIN feedback f ON f.request_id = s.request_id
        WHERE r.tenant = @tenant AND r.ensemble = @ensemble AND r.done_at IS NOT NULL
        GROUP BY s.expert ORDER BY s.expert
        """,
        tenant,
        ensemble,
        cancellationToken);

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, string tenant, string ensemble, CancellationToken cancellationToken)
    {
        var command = new CommandDefinition(sql, new { tenant, ensemble }, cancellationToken: cancellationToken);
        return [.. await database.ReadAsync(connection => connection.QueryAsync<T>(command), cancellationToken)];
    }
}
