using Dapper;

namespace Multimodal.Pipeline.Requests;

/// <summary>How the versions of a gate and the experts in shadow have done, by what the request store remembers of a tenant's requests.</summary>
internal sealed class RolloutRecord(RequestDatabase database)
{
    /// <summary>Answers by version, and how many were right by feedback. A version that has not answered is not listed.</summary>
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

    /// <summary>What experts in shadow said, beside the answers to the same requests. One that has said nothing is not listed.</summary>
    public Task<IReadOnlyList<ShadowRecord>> ShadowsAsync(string tenant, string ensemble, CancellationToken cancellationToken) => QueryAsync<ShadowRecord>(
        """
        SELECT s.expert AS Expert, COUNT(*) AS Opinions, SUM(CASE WHEN s.late = 1 THEN 1 ELSE 0 END) AS Late,
            SUM(CASE WHEN s.label = r.label THEN 1 ELSE 0 END) AS Agreed, COUNT(f.label) AS Feedbacks,
            SUM(CASE WHEN s.label = f.label THEN 1 ELSE 0 END) AS Hits, SUM(CASE WHEN r.label = f.label THEN 1 ELSE 0 END) AS AnswerHits,
            SUM(CASE WHEN s.label = f.label AND (r.label IS NULL OR r.label <> f.label) THEN 1 ELSE 0 END) AS OnlyIt
        FROM shadows s JOIN requests r ON r.id = s.request_id LEFT JOIN feedback f ON f.request_id = s.request_id
        WHERE r.tenant = @tenant AND r.ensemble = @ensemble AND r.done_at IS NOT NULL
        GROUP BY s.expert ORDER BY s.expert
        """,
        tenant,
        ensemble,
        cancellationToken);

    private async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, string tenant, string ensemble, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return [.. await connection.QueryAsync<T>(new CommandDefinition(sql, new { tenant, ensemble }, cancellationToken: cancellationToken))];
    }
}

/// <summary>How one version has done.</summary>
internal sealed record VersionRecord
{
    /// <summary>Its name.</summary>
    public required string Version { get; init; }

    /// <summary>Answers that it decided and fused.</summary>
    public required long Answers { get; init; }

    /// <summary>Their mean confidence.</summary>
    public required double Confidence { get; init; }

    /// <summary>Answers whose truth is known.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Of these, the right ones.</summary>
    public required long Hits { get; init; }
}

/// <summary>How one expert in shadow has done.</summary>
internal sealed record ShadowRecord
{
    /// <summary>Its name.</summary>
    public required string Expert { get; init; }

    /// <summary>Opinions recorded.</summary>
    public required long Opinions { get; init; }

    /// <summary>Of these, those that came after the answer.</summary>
    public required long Late { get; init; }

    /// <summary>Opinions that favour the answer's label.</summary>
    public required long Agreed { get; init; }

    /// <summary>Opinions on requests whose truth is known.</summary>
    public required long Feedbacks { get; init; }

    /// <summary>Of these, those that favour the truth.</summary>
    public required long Hits { get; init; }

    /// <summary>On the same requests, the answers that were right.</summary>
    public required long AnswerHits { get; init; }

    /// <summary>On the same requests, those that it got right and the answer did not: what there is to gain.</summary>
    public required long OnlyIt { get; init; }
}
