using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Tests.Fakes;

namespace Multimodal.Pipeline.Tests.Ensembles;

/// <summary>Checks of a folder that fails temporarily.</summary>
public sealed class EnsembleWatcherTests : IDisposable
{
    private readonly FailingSource _source = new();
    private readonly EnsembleCatalog _catalog = new();
    private readonly RecentLog _log = new();
    private readonly ILoggerFactory _logging;
    private readonly EnsembleWatcher _watch;

    public EnsembleWatcherTests()
    {
        _logging = LoggerFactory.Create(builder => builder.AddProvider(_log));
        _watch = new EnsembleWatcher(_source, _catalog, new Readiness(), new EnsembleOptions(), TimeProvider.System, _logging.CreateLogger<EnsembleWatcher>());
        _watch.MarkLoaded();
        _catalog.Fill(_source.LoadEnsembles());
        _source.Change();
        Assert.False(_watch.Poll());
    }

    public static TheoryData<string> Failures => new("io", "access", "package", "bug");

    public void Dispose()
    {
        _watch.Dispose();
        _logging.Dispose();
        _log.Dispose();
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Poll_LoadFailsOnce_IsRetriedAndLoaded(string failure)
    {
        _source.Load = Failure(failure);
        Assert.False(_watch.Poll());
        _source.Load = null;

        Assert.True(_watch.Poll());
        Assert.False(_watch.Poll());
        Assert.Equal("1.0.1", _catalog["digits"].Package.Version);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public void Poll_StampFails_IsLoggedOnceAndTheNextPollLoadsTheChange(string failure)
    {
        _source.StampFailure = Failure(failure);
        Assert.False(_watch.Poll());
        Assert.False(_watch.Poll());
        _source.StampFailure = null;

        Assert.True(_watch.Poll());
        Assert.Equal(1, Logged("of the test"));
    }

    [Fact]
    public void Poll_LoadKeepsFailing_IsLoggedOnceAndBacksOff()
    {
        _source.Load = Failure("package");

        Assert.All(Enumerable.Range(0, 100), _ => Assert.False(_watch.Poll()));

        // 0, 1, 3, 7, 15 and then 31 checks pass between two attempts.
        Assert.Equal(8, _source.Loads - 1);
        Assert.Equal(1, Logged("of the test"));

        // A change resets the interval, and the same problem in other files is logged again.
        _source.Change();
        Assert.False(_watch.Poll());
        Assert.False(_watch.Poll());
        Assert.Equal((9, 2), (_source.Loads - 1, Logged("of the test")));
    }

    [Fact]
    public void Poll_Cancelled_Throws()
    {
        _source.Load = new OperationCanceledException();

        Assert.Throws<OperationCanceledException>(() => _watch.Poll());
    }

    private int Logged(string text) => _log.ToString().Split(text).Length - 1;

    private static Exception Failure(string kind) => kind switch
    {
        "io" => new IOException("of the test"),
        "access" => new UnauthorizedAccessException("of the test"),
        "package" => new InvalidPackageException([new PackageProblem("gate.json", "$", "of the test")]),
        _ => new InvalidOperationException("of the test"),
    };

    private sealed class FailingSource : IEnsembleSource
    {
        private int _changes;

        public Exception? Load { get; set; }

        public Exception? StampFailure { get; set; }

        public int Loads { get; private set; }

        public string Stamp => StampFailure is null ? $"{_changes}" : throw StampFailure;

        public void Change() => _changes++;

        public IReadOnlyList<Ensemble> LoadEnsembles()
        {
            Loads++;
            var ensemble = new ScriptedEnsemble([ScriptedExpert.Answers("a", Modality.Text, 0.8, 0.1, 0.1)]).Create();
            return Load is null ? [ensemble with { Package = ensemble.Package with { Version = $"1.0.{_changes}" } }] : throw Load;
        }

        public Task<IReadOnlyList<IExpert>> LoadExpertsAsync(
            Ensemble ensemble, IReadOnlyList<ExpertPackage> packages, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Models are not loaded while a service runs.");
    }
}
