using Multimodal.Pipeline.Gateway.Secrets;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway;

/// <summary>Prepares the request store when a gateway starts.</summary>
internal sealed class StoreStart(RequestDatabase database, SecretMigration secrets)
{
    /// <summary>Migrates the schema, then the secrets. Retries until the server is reachable.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await database.MigrateAsync(cancellationToken);
        await database.UntilReachableAsync(() => secrets.RunAsync(cancellationToken), cancellationToken);
    }
}
