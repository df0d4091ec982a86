using System.Collections.Concurrent;
using Multimodal.Learning.Selection;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Gateway.Planning;

/// <summary>
/// Where each expert stands when a request is planned: whether it is served, how long it would take, and the bias that keeps a busy one from
/// being asked where its sibling would do. The bias moves once per heartbeat, when somebody plans. Thread-safe.
/// </summary>
internal sealed class Standings(ExpertDirectory experts, MultimodalOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Steering> _steered = new(StringComparer.Ordinal);

    /// <summary>One expert, without a bias: it is not chosen among others.</summary>
    public Standing Of(string ensemble, string expert) => new(experts.IsServed(ensemble, expert), experts.Wait(ensemble, expert), 0);

    /// <summary>The experts of an ensemble, in the order of its gate.</summary>
    public IReadOnlyList<Standing> Of(Ensemble ensemble)
    {
        var names = ensemble.Gate.Experts;
        Standing[] now = [.. names.Select(name => Of(ensemble.Name, name))];
        if (options.Gateway.MostBias == 0)
        {
            return now;
        }

        var steering = _steered.GetOrAdd(ensemble.Name, _ => new Steering(names.Count, time.GetTimestamp()));
        double[] bias;
        lock (steering)
        {
            bias = steering.Bias.Length == names.Count ? steering.Bias : new double[names.Count];
            var beats = time.GetElapsedTime(steering.At) / TimeSpan.FromSeconds(options.Experts.HeartbeatSeconds);
            if (beats >= 1)
            {
                double[] waits = [.. now.Select(standing => standing.IsServed ? standing.Wait.TotalMilliseconds : double.NaN)];
                int[] media = [.. names.Select(name => (int)ensemble.Experts[name].Modality)];
                var settings = new LoadBiasSettings(options.Gateway.BusyMs, options.Gateway.BiasStep, options.Gateway.MostBias);
                bias = SelectionBias.UpdateByWait(bias, waits, media, settings, beats);
                (steering.Bias, steering.At) = (bias, time.GetTimestamp());
            }
        }

        return [.. now.Select((standing, i) => standing with { Bias = bias[i] })];
    }

    private sealed class Steering(int experts, long at)
    {
        public double[] Bias { get; set; } = new double[experts];

        public long At { get; set; } = at;
    }
}
