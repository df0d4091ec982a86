using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>The two levels of a hierarchical gate for one example, with the posteriors given its label. Not thread-safe.</summary>
/// <param name="modalities">Number of modalities.</param>
/// <param name="experts">Number of experts.</param>
internal sealed class ModalityTree(int modalities, int experts)
{
    private readonly double[] _row = new double[experts];
    private readonly double[] _modalityLogLikelihood = new double[modalities];

    /// <summary>g_m; 0 for modalities without an opinion.</summary>
    public double[] ModalityGate { get; } = new double[modalities];

    /// <summary>h_m; 0 for modalities without an opinion.</summary>
    public double[] ModalityPosterior { get; } = new double[modalities];

    /// <summary>g_{i|m} of each expert within its modality.</summary>
    public double[] ExpertGate { get; } = new double[experts];

    /// <summary>h_{i|m} of each expert within its modality.</summary>
    public double[] ExpertPosterior { get; } = new double[experts];

    /// <summary>ln sum_m g_m sum_i g_{i|m} p_i(y).</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>Computes all values for one example.</summary>
    /// <param name="outputs">u per modality, then v per expert.</param>
    /// <param name="logLikelihoods">ln p_i(y) per expert.</param>
    /// <param name="hasOpinion">Whether each expert gave an opinion.</param>
    /// <param name="modalityOf">Index of the modality of each expert.</param>
    public void Compute(
        ReadOnlySpan<double> outputs, ReadOnlySpan<double> logLikelihoods, ReadOnlySpan<bool> hasOpinion, ReadOnlySpan<int> modalityOf)
    {
        var own = outputs[modalities..];
        for (var m = 0; m < modalities; m++)
        {
            var any = false;
            for (var e = 0; e < experts; e++)
            {
                var counts = hasOpinion[e] && modalityOf[e] == m;
                _row[e] = counts ? own[e] : double.NegativeInfinity;
                any |= counts;
            }

            var prior = LogSpace.LogSumExp(_row);
            WriteSoftmax(m, modalityOf, ExpertGate);
            for (var e = 0; e < experts; e++)
            {
                _row[e] += logLikelihoods[e];
            }

            // ln sum_i g_{i|m} p_i(y)
            _modalityLogLikelihood[m] = any ? LogSpace.LogSumExp(_row) - prior : 0;
            WriteSoftmax(m, modalityOf, ExpertPosterior);
            ModalityGate[m] = any ? outputs[m] : double.NegativeInfinity;
            ModalityPosterior[m] = any ? outputs[m] + _modalityLogLikelihood[m] : double.NegativeInfinity;
        }

        LogLikelihood = LogSpace.LogSumExp(ModalityPosterior) - LogSpace.LogSumExp(ModalityGate);
        LogSpace.Softmax(ModalityGate, ModalityGate);
        LogSpace.Softmax(ModalityPosterior, ModalityPosterior);
    }

    /// <summary>Writes the softmax of the row for the experts of one modality.</summary>
    private void WriteSoftmax(int modality, ReadOnlySpan<int> modalityOf, double[] shares)
    {
        var total = LogSpace.LogSumExp(_row);
        for (var e = 0; e < experts; e++)
        {
            if (modalityOf[e] == modality)
            {
                shares[e] = double.IsNegativeInfinity(_row[e]) ? 0 : Math.Exp(_row[e] - total);
            }
        }
    }
}
