using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Multimodal.Contracts.Commands;
using Multimodal.Contracts.Events;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Gateway.Secrets;
using Multimodal.Pipeline.Gateway.Store;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Gateway.Store;

/// <summary>An empty request database on SQLite or PostgreSQL.</summary>
public abstract class StoreScenarios : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly ScratchFolder _folder = new();

    /// <param name="postgresql">Connection string of an empty database; null for SQLite.</param>
    protected StoreScenarios(string? postgresql)
    {
        var options = new StoreOptions { SurvivePowerLoss = false };
        if (postgresql is not null)
        {
            (options.Kind, options.Postgresql) = (StoreOptions.Postgres, postgresql);
        }

        Database = new RequestDatabase(_folder.At("requests.db"), options, TimeProvider.System, NullLogger<RequestDatabase>.Instance);
        Writer = new GroupedWriter(Database, 100);
        Store = new RequestStore(Database, Writer, new BlobOptions());
    }

    private protected RequestDatabase Database { get; }

    private protected GroupedWriter Writer { get; }

    private protected RequestStore Store { get; }

    /// <summary>The encryption of a gateway.</summary>
    private protected SecretProtector Secrets(SecretOptions? options = null, ILoggerFactory? loggers = null) =>
        new(new KeyTable(Database, TimeProvider.System), options ?? new SecretOptions(), TimeProvider.System, loggers ?? NullLoggerFactory.Instance);

    public async ValueTask InitializeAsync() => await Database.MigrateAsync(default);

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Database.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }


    private protected static Fuse Fuse() => new()
    {
        RequestId = Guid.NewGuid(),
        Tenant = "tenant",
        Subscription = "default",
        Ensemble = "digits",
        Parts = [new MediaPart { Modality = Modality.Text, MediaType = "text/plain", Length = 2, Sha256 = "00", Inline = [1, 2] }],
        Plan = new ExecutionPlan
        {
            GateVersion = "1",
            Strategy = "top-k",
            K = 1,
            Fusion = "linear",
            Experts = [new PlannedExpert("a", Modality.Text, 1, 0)],
            Skipped = [new SkippedExpert("b", Modality.Image, SkipReason.AbsentModality)],
            Features = [0.1f, -2.5f],
            FeaturesMs = 0.2,
            GateMs = 0.01,
        },
        AcceptedAt = Noon,
        Deadline = Noon.AddSeconds(5),
    };

    private protected static AnswerCombined Combined(Fuse fuse) => new()
    {
        Tenant = fuse.Tenant,
        Subscription = fuse.Subscription,
        Answer = Pipeline.Combiner.AnswerAssembly.Failed(fuse, 1),
        Opinions = new Dictionary<string, IReadOnlyList<double>> { ["a"] = [-0.1, -2] },
    };
}
