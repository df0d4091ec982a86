using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>
/// Reloads the ensembles when their files change. A change with problems is logged with all problems and retried, and the current ensembles stay in
/// use. Models are not loaded or unloaded, because a process determines its experts at the start.
/// </summary>
internal sealed partial class EnsembleWatcher(
    IEnsembleSource source, EnsembleCatalog ensembles, Readiness readiness, EnsembleOptions options, TimeProvider time, ILogger<EnsembleWatcher> logger)
    : BackgroundService
{
    /// <summary>The maximum number of checks between two attempts to load.</summary>
    private const int MaxSkipped = 31;

    private string _applied = "";
    private string _seen = "";
    private string _reported = "";
    private int _nextSkip;
    private int _skip;

    /// <summary>Checks the files once, and applies a change that the previous check has seen too.</summary>
    /// <returns>Whether a change was applied.</returns>
    public bool Poll()
    {
        try
        {
            var (before, now) = (_seen, source.Stamp);
            _seen = now;
            if (now != before)
            {
                // The writer may not be finished. Files are read only after a check without further changes.
                (_reported, _nextSkip, _skip) = ("", 0, 0);
                return false;
            }

            if (now == _applied || _skip-- > 0)
            {
                return false;
            }

            (_skip, _nextSkip) = (_nextSkip, Math.Min((2 * _nextSkip) + 1, MaxSkipped));
            Apply(source.LoadEnsembles());
            _applied = now;
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Fail(exception);
            return false;
        }
    }

    /// <summary>Loads the ensembles at the start of the process.</summary>
    /// <exception cref="InvalidPackageException">The files have problems; the exception lists all of them.</exception>
    public IReadOnlyCollection<Ensemble> LoadInitial()
    {
        MarkLoaded();
        ensembles.Fill(source.LoadEnsembles());
        return ensembles.All;
    }

    /// <summary>Records that the current files are loaded.</summary>
    public void MarkLoaded() => _applied = _seen = source.Stamp;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.WatchSeconds <= 0)
        {
            return;
        }

        await readiness.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.WatchSeconds), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Poll();
        }
    }

    /// <summary>
    /// Logs a failure once. Every failure is retried, because a network folder may fail and recover without a change of the files. The number of checks
    /// between two attempts grows, because each attempt also reads the models.
    /// </summary>
    private void Fail(Exception exception)
    {
        var problems = exception is InvalidPackageException invalid ? string.Join(' ', invalid.Problems) : exception.Message;
        if (problems == _reported)
        {
            return;
        }

        _reported = problems;
        if (exception is InvalidPackageException or IOException or UnauthorizedAccessException)
        {
            LogInvalid(problems);
        }
        else
        {
            LogFailed(exception);
        }
    }

    private void Apply(IReadOnlyList<Ensemble> loaded)
    {
        var next = new List<Ensemble>();
        foreach (var running in ensembles.All)
        {
            var changed = loaded.FirstOrDefault(ensemble => ensemble.Name == running.Name);
            if (changed is null || !changed.Package.Labels.SequenceEqual(running.Package.Labels))
            {
                LogNeedsRestart(running.Name, changed is null ? "it was removed" : "it has other labels");
                next.Add(running);
                continue;
            }

            if (!changed.Experts.Values.Select(Identity).Order().SequenceEqual(running.Experts.Values.Select(Identity).Order()))
            {
                LogOtherExperts(running.Name);
            }

            next.Add(changed);
            var versions = string.Join(", ", changed.Versions.Select(version => FormattableString.Invariant($"{version.Name} ({version.Share:0.###})")));
            LogApplied(changed.Name, versions);
        }

        foreach (var added in loaded.Where(ensemble => !ensembles.TryGet(ensemble.Name, out _)))
        {
            LogNeedsRestart(added.Name, "it is new");
        }

        ensembles.Fill(next);
    }

    private static string Identity(ExpertPackage expert) => $"{expert.Name} {expert.Version} {expert.Sha256}";

    [LoggerMessage(Level = LogLevel.Information, Message = "The files of ensemble {Ensemble} have changed; now in use: {Versions}.")]
    private partial void LogApplied(string ensemble, string versions);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ensembles' files have changed and cannot be used; the current ensembles stay in use, and loading is retried. {Problems}")]
    private partial void LogInvalid(string problems);

    [LoggerMessage(Level = LogLevel.Error, Message = "Checking the ensembles' files failed; the current ensembles stay in use, and the check is retried.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ensemble {Ensemble} has changed ({Reason}); restart the service to apply it.")]
    private partial void LogNeedsRestart(string ensemble, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ensemble {Ensemble} has other experts than at the start. Models are loaded only at the start; restart the processes that serve its experts.")]
    private partial void LogOtherExperts(string ensemble);
}
