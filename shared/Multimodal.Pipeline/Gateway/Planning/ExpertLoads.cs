using System.Collections.Concurrent;
using Multimodal.Learning.Selection;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Experts;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>
/// Load of each expert when a request is planned: whether it is served, its estimated wait, and a bias that moves selection from a busy
/// expert to its siblings. Planning updates the bias at most once per heartbeat interval. Thread-safe.
/// </summary>
internal sealed class ExpertLoads(ExpertDirectory experts, ExpertOptions expertOptions, GatewayOptions gatewayOptions, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, LoadBias> _biases = new(StringComparer.Ordinal);

    /// <summary>The load of one expert, without a bias because it is not selected among others.</summary>
    public ExpertLoad Of(string ensemble, string expert) => new(experts.IsServed(ensemble, expert), experts.EstimateWait(ensemble, expert), 0);

    /// <summary>The loads of an ensemble's experts, in the gate's order.</summary>
    public IReadOnlyList<ExpertLoad> Of(Ensemble ensemble)
    {
        var names = ensemble.Gate.Experts;
        ExpertLoad[] loads = [.. names.Select(name => Of(ensemble.Name, name))];
        if (gatewayOptions.MostBias == 0)
        {
            return loads;
        }

        var loadBias = _biases.GetOrAdd(ensemble.Name, _ => new LoadBias(names.Count, time.GetTimestamp()));
        double[] bias;
        lock (loadBias)
        {
            bias = loadBias.Bias.Length == names.Count ? loadBias.Bias : new double[names.Count];
            var intervals = time.GetElapsedTime(loadBias.At) / TimeSpan.FromSeconds(expertOptions.HeartbeatSeconds);
            if (intervals >= 1)
            {
                double[] waits = [.. loads.Select(load => load.IsServed ? load.Wait.TotalMilliseconds : double.NaN)];
                int[] media = [.. names.Select(name => (int)ensemble.Experts[name].Modality)];
                var settings = new LoadBiasSettings(gatewayOptions.BusyMs, gatewayOptions.BiasStep, gatewayOptions.MostBias);
                bias = SelectionBias.UpdateByWait(bias, waits, media, settings, intervals);
                (loadBias.Bias, loadBias.At) = (bias, time.GetTimestamp());
            }
        }

        return [.. loads.Select((load, i) => load with { Bias = bias[i] })];
    }

    private sealed class LoadBias(int experts, long at)
    {
        public double[] Bias { get; set; } = new double[experts];

        public long At { get; set; } = at;
    }
}
