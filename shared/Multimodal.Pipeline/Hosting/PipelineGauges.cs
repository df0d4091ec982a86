using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Clock;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Caching;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Gauges of this process, which are read when the metrics are scraped or exported.</summary>
internal sealed class PipelineGauges
{
    /// <summary>The labels of every gauge, by the gauge's name.</summary>
    public static SortedDictionary<string, string[]> Labels { get; } = new(StringComparer.Ordinal)
    {
        ["multimodal.service.info"] = ["version", "roles"],
        ["multimodal.service.ready"] = [],
        ["multimodal.requests.in_flight"] = [],
        ["multimodal.requests.limit"] = [],
        ["multimodal.requests.waiting"] = [],
        ["multimodal.events.streams"] = [],
        ["multimodal.cache.answers"] = [],
        ["multimodal.cache.size"] = [],
        ["multimodal.combiner.open"] = [],
        ["multimodal.broker.connected"] = [],
        ["multimodal.clock.skew"] = [],
        ["multimodal.expert.workers"] = ["ensemble", "expert"],
        ["multimodal.expert.backlog"] = ["ensemble", "expert"],
        ["multimodal.expert.wait"] = ["ensemble", "expert"],
        ["multimodal.expert.trust"] = ["ensemble", "expert"],
        ["multimodal.expert.served"] = ["ensemble", "expert", "version", "device"],
    };

    /// <param name="meters">Creates the meter, which is disposed with the host.</param>
    /// <param name="services">The services of this process. Gauges of a service that the process does not have are omitted.</param>
    public PipelineGauges(IMeterFactory meters, IServiceProvider services)
    {
        var meter = meters.Create(PipelineMetrics.MeterName);
        var version = typeof(PipelineGauges).Assembly.GetName().Version?.ToString(3) ?? "";
        Gauge("service.info", "Always 1; the labels name the version and the roles of the process.", () => services.GetService<ServiceRoles>() is { } roles
            ? [new(1, new("version", version), new("roles", roles.ServiceName))]
            : []);
        Gauge("service.ready", "1 if the process is ready as in /health/ready, else 0.", () => Level(services.GetService<Readiness>()?.IsReady));
        Gauge("requests.in_flight", "Requests that hold a slot of this gateway: their bodies are being read or their answers are pending.", () => Level(services.GetService<AdmissionControl>()?.InFlight));
        Gauge("events.streams", "Open event streams of this gateway.", () => Level(services.GetService<EventStreams>()?.Count));
        Gauge("cache.answers", "Answers in the cache of this gateway.", () => Level(services.GetService<AnswerCache>()?.Count));
        meter.CreateObservableGauge("multimodal.cache.size", () => CacheBytes(services), "By", "Approximate memory of the answers in the cache of this gateway.");
        Gauge("requests.limit", "The current maximum number of requests in flight in this gateway; further requests are refused.", () => Level(services.GetService<InFlightLimit>()?.Value));
        Gauge("requests.waiting", "Refused requests that are expected to return to this gateway; they are admitted before newer ones.", () => Level(services.GetService<AdmissionControl>()?.Waiting));
        Gauge("combiner.open", "Requests for which this combiner collects opinions.", () => Level(services.GetService<PendingRequests>()?.Count));
        Gauge("broker.connected", "1 while the broker is connected and accepts messages, else 0.", () => Level(services.GetService<BrokerLink>()?.IsOpen));
        meter.CreateObservableGauge(
            "multimodal.clock.skew", () => Skew(services), "s", "The host's system clock minus the service's time. Deadlines are corrected for it.");
        Gauge("expert.workers", "Live processes that serve the expert, according to the heartbeats that this gateway received.", () => PerExpert(services, workers => workers.Count));
        Gauge("expert.backlog", "Items that the expert's workers have accepted and not yet answered, according to their last heartbeats.", () => PerExpert(services, workers => workers.Sum(worker => worker.Backlog)));
        meter.CreateObservableGauge("multimodal.expert.wait", () => Waits(services), "s", "This gateway's estimate of how long a new item waits for the expert.");
        Gauge("expert.served", "Always 1; one series for each expert that this process runs.", () => Served(services));
        meter.CreateObservableGauge(
            "multimodal.expert.trust", () => Trust(services), null, "Trust in the expert, from 0 to 1, learned from feedback; the minimum over tenants.");

        void Gauge(string name, string description, Func<IEnumerable<Measurement<int>>> read) =>
            meter.CreateObservableGauge("multimodal." + name, read, null, description);
    }

    private static IEnumerable<Measurement<int>> PerExpert(IServiceProvider services, Func<IReadOnlyList<ServedExpert>, int> read) =>
        services.GetService<ExpertDirectory>() is not { } directory
            ? []
            : services.GetRequiredService<EnsembleCatalog>().All.SelectMany(ensemble => ensemble.Experts.Keys.Select(expert => new Measurement<int>(
                read(directory.Find(ensemble.Name, expert)), new("ensemble", ensemble.Name), new("expert", expert))));

    private static IEnumerable<Measurement<double>> Waits(IServiceProvider services) =>
        services.GetService<ExpertDirectory>() is not { } directory
            ? []
            : services.GetRequiredService<EnsembleCatalog>().All.SelectMany(ensemble => ensemble.Experts.Keys.Select(expert => new Measurement<double>(
                directory.EstimateWait(ensemble.Name, expert).TotalSeconds, new("ensemble", ensemble.Name), new("expert", expert))));

    private static IEnumerable<Measurement<double>> Trust(IServiceProvider services) => services.GetService<TrustCache>() is not { } trust
        ? []
        : trust.Learning.SelectMany(ensemble => ensemble.Gate.Experts.Select(expert => new Measurement<double>(
            trust.MinTrust(ensemble, expert), new("ensemble", ensemble.Name), new("expert", expert))));

    private static IEnumerable<Measurement<int>> Served(IServiceProvider services) =>
        services.GetService<HostedExperts>()?.All.Select(expert => new Measurement<int>(
            1, new("ensemble", expert.Ensemble), new("expert", expert.Name), new("version", expert.Version), new("device", expert.Device))) ?? [];

    private static Measurement<double>[] Skew(IServiceProvider services) =>
        services.GetService<ServiceClock>() is { } clock ? [new(clock.Skew.TotalSeconds)] : [];

    private static Measurement<long>[] CacheBytes(IServiceProvider services) => services.GetService<AnswerCache>() is { } cache ? [new(cache.Bytes)] : [];

    private static Measurement<int>[] Level(bool? state) => state is { } value ? [new(value ? 1 : 0)] : [];

    private static Measurement<int>[] Level(int? value) => value is { } level ? [new(level)] : [];
}
