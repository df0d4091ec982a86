namespace Multimodal.Bench.Scaling;

/// <summary>Stored requests: what each operation of a gateway on its database costs this process and the server.</summary>
/// <param name="isServer">Whether the database is a PostgreSQL server, else a SQLite file.</param>
internal sealed class RowsDimension(bool isServer) : IDimension
{
    // An index of ten million rows has about one level more than one of a thousand.
    private const double Logarithmic = 3;

    public string Name => isServer ? "rows-postgresql" : "rows-sqlite";

    public string Quantity => isServer ? "stored requests, PostgreSQL" : "stored requests, SQLite";

    public async Task<IReadOnlyList<Curve>> MeasureAsync(ScalingRun run, CancellationToken cancellationToken)
    {
        await using var store = await FilledStore.CreateAsync(run, isServer, cancellationToken);
        var operations = new StoreOperations(store);
        var points = operations.All.ToDictionary(operation => operation.Name, _ => new List<CurvePoint>());
        foreach (var size in run.Sizes(100_000, 1000, 10_000, 100_000, 1_000_000, 10_000_000))
        {
            await store.FillAsync(size, cancellationToken);
            foreach (var (name, times, operation) in operations.All)
            {
                points[name].AddRange(await run.MeasureAsync([size], _ => CostAsync(store, times, operation)));
            }
        }

        return [.. operations.All.Select(operation => new Curve(operation.Name, "ms", points[operation.Name], GrowthBound.Ratio(Logarithmic)))];
    }

    private static async Task<double> CostAsync(FilledStore store, int times, Func<Task> operation)
    {
        var before = store.Used;
        for (var number = 0; number < times; number++)
        {
            await operation();
        }

        return (store.Used - before).TotalMilliseconds / times;
    }
}
