using System.Collections.Concurrent;
using Multimodal.Learning.Selection;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>
/// Where each expert stands when a request is planned: whether it is served, how long it would take, and the bias that keeps a busy one from
/// being asked where its sibling would do. The bias moves once per heartbeat, when somebody plans. Thread-safe.
/// </summary>
internal sealed class ExpertLoads(ExpertDirectory experts, ExpertOptions expertOptions, GatewayOptions gatewayOptions, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Steering> _steered = new(StringComparer.Ordinal);

    /// <summary>One expert, without a bias: it is not chosen among others.</summary>
    public ExpertLoad Of(string ensemble, string expert) => new(experts.IsServed(ensemble, expert), experts.Wait(ensemble, expert), 0);

    /// <summary>The experts of an ensemble, in the order of its gate.</summary>
    public IReadOnlyList<ExpertLoad> Of(Ensemble ensemble)
    {
        var names = ensemble.Gate.Experts;
        ExpertLoad[] now = [.. names.Select(name => Of(ensemble.Name, name))];
        if (gatewayOptions.MostBias == 0)
        {
            return now;
        }

        var steering = _steered.GetOrAdd(ensemble.Name, _ => new Steering(names.Count, time.GetTimestamp()));
        double[] bias;
        lock (steering)
        {
            bias = steering.Bias.Length == names.Count ? steering.Bias : new double[names.Count];
            var beats = time.GetElapsedTime(steering.At) / TimeSpan.FromSeconds(expertOptions.HeartbeatSeconds);
            if (beats >= 1)
            {
                double[] waits = [.. now.Select(load => load.IsServed ? load.Wait.TotalMilliseconds : double.NaN)];
                int[] media = [.. names.Select(name => (int)ensemble.Experts[name].Modality)];
                bias = SelectionBias.Level(bias, waits, media, gatewayOptions.BusyMs, gatewayOptions.BiasStep, gatewayOptions.MostBias, beats);
                (steering.Bias, steering.At) = (bias, time.GetTimestamp());
            }
        }

        return [.. now.Select((load, i) => load with { Bias = bias[i] })];
    }

    private sealed class Steering(int experts, long at)
    {
        public double[] Bias { get; set; } = new double[experts];

        public long At { get; set; } = at;
    }
}
