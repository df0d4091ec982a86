namespace Multimodal.Bench.Scaling;

/// <summary>Stored requests: what each operation of a gateway on its database costs this process and the server.</summary>
/// <param name="isServer">Whether the database is a PostgreSQL server, else a SQLite file.</param>
internal sealed class RowsDimension(bool isServer) : IDimension
{
    public string Name => isServer ? "rows-postgresql" : "rows-sqlite";

    public string Quantity => isServer ? "stored requests, PostgreSQL" : "stored requests, SQLite";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        await using var store = await FilledStore.CreateAsync(run, isServer, cancellationToken);
        var operations = new StoreOperations(store);
        var points = operations.All.ToDictionary(operation => operation.Name, _ => new List<CurvePoint>());
        foreach (var size in run.Sizes(1_000_000, 1000, 10_000, 100_000, 1_000_000, 10_000_000))
        {
            await store.FillAsync(size, cancellationToken);
            foreach (var operation in operations.All)
            {
                points[operation.Name].AddRange(await run.MeasureAsync([size], _ => CostAsync(store, operation)));
            }
        }

        return [.. operations.All.Select(operation => new Curve(operation.Name, "ms", points[operation.Name], operation.Bound))];
    }

    private static async Task<double> CostAsync(FilledStore store, StoreOperation operation)
    {
        var before = store.Used;
        for (var number = 0; number < operation.Times; number++)
        {
            await operation.Run();
        }

        return (store.Used - before).TotalMilliseconds / operation.Times;
    }
}
