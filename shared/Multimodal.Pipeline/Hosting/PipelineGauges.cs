using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Multimodal.Contracts.Events;
using Multimodal.Pipeline.Combiner;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway.Admission;
using Multimodal.Pipeline.Gateway.Events;
using Multimodal.Pipeline.Gateway.Planning;
using Multimodal.Pipeline.Gateway.Trust;
using Multimodal.Pipeline.Messaging.RabbitMq;
using Multimodal.Pipeline.Telemetry;

namespace Multimodal.Pipeline.Hosting;

/// <summary>What is read only when somebody looks: states and levels of this process.</summary>
internal sealed class PipelineGauges
{
    /// <summary>The labels of every gauge, by its name.</summary>
    public static SortedDictionary<string, string[]> Labels { get; } = new(StringComparer.Ordinal)
    {
        ["multimodal.service.info"] = ["version", "roles"],
        ["multimodal.service.ready"] = [],
        ["multimodal.requests.in_flight"] = [],
        ["multimodal.requests.limit"] = [],
        ["multimodal.events.streams"] = [],
        ["multimodal.combiner.open"] = [],
        ["multimodal.broker.connected"] = [],
        ["multimodal.expert.workers"] = ["ensemble", "expert"],
        ["multimodal.expert.backlog"] = ["ensemble", "expert"],
        ["multimodal.expert.wait"] = ["ensemble", "expert"],
        ["multimodal.expert.trust"] = ["ensemble", "expert"],
        ["multimodal.expert.served"] = ["ensemble", "expert", "version", "device"],
    };

    /// <param name="meters">Makes the meter, so that it ends with the host.</param>
    /// <param name="services">The parts of this process; what a part would say is left out where the process has no such part.</param>
    public PipelineGauges(IMeterFactory meters, IServiceProvider services)
    {
        var meter = meters.Create(PipelineMetrics.MeterName);
        var version = typeof(PipelineGauges).Assembly.GetName().Version?.ToString(3) ?? "";
        Gauge("service.info", "Always 1; the labels say which build runs and what it is for.", () => services.GetService<ServiceRoles>() is { } roles
            ? [new(1, new("version", version), new("roles", roles.ServiceName))]
            : []);
        Gauge("service.ready", "1 when /health/ready says so, else 0.", () => Level(services.GetService<Readiness>()?.IsReady));
        Gauge("requests.in_flight", "Requests that this gateway is reading or has accepted and not seen answered.", () => Level(services.GetService<AdmissionControl>()?.InFlight));
        Gauge("events.streams", "Event streams that this gateway has open.", () => Level(services.GetService<EventStreams>()?.Count));
        Gauge("requests.limit", "The most requests in flight in this gateway, for now; one more is refused.", () => Level(services.GetService<InFlightLimit>()?.Value));
        Gauge("combiner.open", "Requests that this combiner is gathering opinions for.", () => Level(services.GetService<PendingRequests>()?.Count));
        Gauge("broker.connected", "1 while the broker is connected and takes messages, else 0.", () => Level(services.GetService<BrokerLink>()?.IsOpen));
        Gauge("expert.workers", "Processes that serve the expert, as this gateway knows them.", () => PerExpert(services, workers => workers.Count));
        Gauge("expert.backlog", "Items accepted and not yet answered by the expert's workers, as they said last.", () => PerExpert(services, workers => workers.Sum(worker => worker.Backlog)));
        meter.CreateObservableGauge("multimodal.expert.wait", () => Waits(services), "s", "How long what is asked of the expert now takes until it is answered, as this gateway reckons.");
        Gauge("expert.served", "Always 1; the experts whose models this process runs.", () => Served(services));
        meter.CreateObservableGauge(
            "multimodal.expert.trust", () => Trust(services), null, "How far this gateway believes the expert, from 0 to 1, learned from feedback; the least over tenants.");

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
                directory.Wait(ensemble.Name, expert).TotalSeconds, new("ensemble", ensemble.Name), new("expert", expert))));

    private static IEnumerable<Measurement<double>> Trust(IServiceProvider services) => services.GetService<TrustBoard>() is not { } board
        ? []
        : board.Learning.SelectMany(ensemble => ensemble.Gate.Experts.Select(expert => new Measurement<double>(
            board.LeastTrust(ensemble, expert), new("ensemble", ensemble.Name), new("expert", expert))));

    private static IEnumerable<Measurement<int>> Served(IServiceProvider services) =>
        services.GetService<HostedExperts>()?.All.Select(expert => new Measurement<int>(
            1, new("ensemble", expert.Ensemble), new("expert", expert.Name), new("version", expert.Version), new("device", expert.Device))) ?? [];

    private static Measurement<int>[] Level(bool? isSo) => isSo is { } value ? [new(value ? 1 : 0)] : [];

    private static Measurement<int>[] Level(int? value) => value is { } level ? [new(level)] : [];
}
