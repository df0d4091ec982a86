using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Ensembles;

/// <summary>
/// Takes up what changes in the ensembles' files while the service runs. Everything is checked first; a change with a mistake is logged with all
/// its mistakes, what runs goes on, and the files are tried again. Models are not loaded or unloaded: which experts a process serves is decided at its start.
/// </summary>
internal sealed partial class EnsembleWatch(
    IEnsembleSource source, EnsembleCatalog ensembles, Readiness readiness, EnsembleOptions options, TimeProvider time, ILogger<EnsembleWatch> logger)
    : BackgroundService
{
    /// <summary>The most looks between two tries.</summary>
    private const int MaxSkipped = 31;

    private string _taken = "";
    private string _seen = "";
    private string _told = "";
    private int _pause;
    private int _skip;

    /// <summary>Looks at the files once, and takes up a change that was there at the last look too.</summary>
    /// <returns>Whether something was taken up.</returns>
    public bool Look()
    {
        try
        {
            var (before, now) = (_seen, source.Stamp);
            _seen = now;
            if (now != before)
            {
                // Somebody who writes several files is not done with the first: only what has come to rest is read.
                (_told, _pause, _skip) = ("", 0, 0);
                return false;
            }

            if (now == _taken || _skip-- > 0)
            {
                return false;
            }

            (_skip, _pause) = (_pause, Math.Min((2 * _pause) + 1, MaxSkipped));
            Take(source.LoadEnsembles());
            _taken = now;
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Fail(exception);
            return false;
        }
    }

    /// <summary>Loads the ensembles at the start of the process.</summary>
    /// <exception cref="InvalidPackageException">The files have mistakes; the exception lists all of them.</exception>
    public IReadOnlyCollection<Ensemble> LoadFirst()
    {
        Start();
        ensembles.Fill(source.LoadEnsembles());
        return ensembles.All;
    }

    /// <summary>Takes the files as they are now for loaded.</summary>
    public void Start() => _taken = _seen = source.Stamp;

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
            Look();
        }
    }

    /// <summary>
    /// A folder on the network may fail and come back without any change of the files, and what is wrong then looks like a mistake in them. So everything
    /// is tried again, after ever more looks (a try reads the models too), and told once.
    /// </summary>
    private void Fail(Exception exception)
    {
        var problems = exception is InvalidPackageException invalid ? string.Join(' ', invalid.Problems) : exception.Message;
        if (problems == _told)
        {
            return;
        }

        _told = problems;
        if (exception is InvalidPackageException or IOException or UnauthorizedAccessException)
        {
            LogInvalid(problems);
        }
        else
        {
            LogFailed(exception);
        }
    }

    private void Take(IReadOnlyList<Ensemble> loaded)
    {
        var next = new List<Ensemble>();
        foreach (var running in ensembles.All)
        {
            var changed = loaded.FirstOrDefault(ensemble => ensemble.Name == running.Name);
            if (changed is null || !changed.Package.Labels.SequenceEqual(running.Package.Labels))
            {
                LogNeedsRestart(running.Name, changed is null ? "it is gone" : "it has other labels");
                next.Add(running);
                continue;
            }

            if (!changed.Experts.Values.Select(Identity).Order().SequenceEqual(running.Experts.Values.Select(Identity).Order()))
            {
                LogOtherExperts(running.Name);
            }

            next.Add(changed);
            var versions = string.Join(", ", changed.Versions.Select(version => FormattableString.Invariant($"{version.Name} ({version.Share:0.###})")));
            LogTaken(changed.Name, versions);
        }

        foreach (var added in loaded.Where(ensemble => !ensembles.TryGet(ensemble.Name, out _)))
        {
            LogNeedsRestart(added.Name, "it is new");
        }

        ensembles.Fill(next);
    }

    private static string Identity(ExpertPackage expert) => $"{expert.Name} {expert.Version} {expert.Sha256}";

    [LoggerMessage(Level = LogLevel.Information, Message = "The files of ensemble {Ensemble} have changed; in force from now on: {Versions}.")]
    private partial void LogTaken(string ensemble, string versions);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ensembles' files have changed and cannot be used; what runs goes on, and they are tried again. {Problems}")]
    private partial void LogInvalid(string problems);

    [LoggerMessage(Level = LogLevel.Error, Message = "The ensembles' files could not be looked at; what runs goes on, and they are looked at again.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ensemble {Ensemble} has changed ({Reason}); that takes a restart.")]
    private partial void LogNeedsRestart(string ensemble, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ensemble {Ensemble} names other experts than at the start. Models are not loaded at run time: restart the processes that are to serve them.")]
    private partial void LogOtherExperts(string ensemble);
}
