using Microsoft.Extensions.Logging;
using Multimodal.Contracts.Commands;
using Multimodal.Inference.Packages;
using Multimodal.Pipeline.Blobs;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Hosting;
using Multimodal.Pipeline.Messaging;

namespace Multimodal.Pipeline.Experts;

/// <summary>Loads experts and connects each to its queue once it is warm.</summary>
internal sealed class ExpertRole(
    IEnsembleSource source,
    HostedExperts hosted,
    IWorkChannel work,
    IBlobStore blobs,
    ServiceRoles roles,
    MultimodalOptions options,
    TimeProvider time,
    ILogger<ExpertConsumer> logger)
{
    /// <summary>Serves the experts that this process is for.</summary>
    /// <exception cref="InvalidPackageException">There is none, or a name does not exist.</exception>
    public async Task ConnectAsync(IReadOnlyCollection<Ensemble> ensembles, CancellationToken cancellationToken)
    {
        foreach (var (ensemble, chosen) in Choose(ensembles))
        {
            var loaded = await source.LoadExpertsAsync(ensemble, chosen, cancellationToken);
            hosted.Add(ensemble.Name, loaded);
            foreach (var expert in loaded)
            {
                var name = expert.Package.Name;
                var place = ensemble.Package.Experts.First(candidate => candidate.Package.Name == name);
                var consumer = new ExpertConsumer(expert, place, hosted.Meter(ensemble.Name, name), blobs, work, time, logger);
                foreach (var priority in Topology.Priorities)
                {
                    var queue = Topology.ExpertQueue(ensemble.Name, name, priority);
                    await work.ServeCommandsAsync<Analyze>(
                        queue, options.Transport.Concurrency(priority, options.Experts.Concurrency), consumer.ConsumeAsync, cancellationToken);
                }
            }
        }
    }

    private List<(Ensemble Ensemble, ExpertPackage[] Experts)> Choose(IReadOnlyCollection<Ensemble> ensembles)
    {
        var wanted = options.Experts.Serve.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var servable = ensembles
            .SelectMany(ensemble => ensemble.Package.Experts.Select(expert => (Ensemble: ensemble, Expert: expert.Package)))
            .Where(entry => roles.Serves(entry.Expert.Modality))
            .ToArray();
        var unknown = wanted.Where(name => !servable.Any(entry => IsNamed(name, entry.Ensemble, entry.Expert))).ToArray();
        if (unknown.Length > 0)
        {
            var known = string.Join(", ", servable.Select(entry => $"{entry.Ensemble.Name}/{entry.Expert.Name}"));
            throw new InvalidPackageException(
                [new PackageProblem("Multimodal:Experts:Serve", string.Join(", ", unknown), $"is none of the experts that this service can serve: {known}.")]);
        }

        return
        [
            .. servable
                .Where(entry => wanted.Length == 0 || wanted.Any(name => IsNamed(name, entry.Ensemble, entry.Expert)))
                .GroupBy(entry => entry.Ensemble, (ensemble, entries) => (ensemble, entries.Select(entry => entry.Expert).ToArray())),
        ];
    }

    private static bool IsNamed(string name, Ensemble ensemble, ExpertPackage expert) => name == expert.Name || name == $"{ensemble.Name}/{expert.Name}";
}
