using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking one expert with free capacity (Fedus, Zoph and Shazeer 2022). Each example goes to its best expert, or to the next best if
/// that one already has its fair share of the batch times the capacity factor; if all are full, it goes to the best. Switch scales the
/// output of the expert by its gate weight and adds it to the residual. For distributions the residual is the uniform one, so L = -ln(g_i
/// p_i(y) + (1 - g_i) / K). Added to it are the balance loss and the z-loss (logsumexp s)^2 (ST-MoE 2022, equation 5).
/// </summary>
internal sealed class SwitchKind : IGateKind
{
    public string Name => "switch";

    public string Strategy => "switch";

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        double[] capacity =
        [
            .. LoadBalance.FairShares(batch).Select(share => batch.Training ? Math.Ceiling(options.Capacity * share) : double.MaxValue),
        ];
        var work = new double[batch.Experts];
        Span<double> gate = stackalloc double[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            if (!batch.HasOpinion(n).Contains(true))
            {
                continue;
            }

            var asked = Dispatch(batch.Output(n), batch.HasOpinion(n), work, capacity);
            work[asked]++;
            LoadBalance.Softmax(batch.Output(n), batch.HasOpinion(n), gate);
            var gradient = batch.Gradient(n);
            var uniform = 1.0 / batch.LabelCount;
            var likelihood = Math.Exp(batch.LogLikelihood(n)[asked]);
            var answer = gate[asked] * likelihood + (1 - gate[asked]) * uniform;
            loss -= Math.Log(answer);
            var slope = (uniform - likelihood) / answer * gate[asked];
            for (var e = 0; e < gate.Length; e++)
            {
                gradient[e] += slope * ((e == asked ? 1 : 0) - gate[e]);
            }

            loss += batch.Training ? AddZLoss(batch, n, gate, options.ZLoss) : 0;
        }

        return batch.Training ? loss + LoadBalance.AddSwitchLoss(batch, work, options.Balance) : loss;
    }

    /// <summary>The best expert with free capacity, or the best if none has; of equal logits, the first.</summary>
    internal static int Dispatch(
        ReadOnlySpan<double> logits, ReadOnlySpan<bool> hasOpinion, ReadOnlySpan<double> work, ReadOnlySpan<double> capacity)
    {
        var best = -1;
        var bestIsFree = false;
        for (var e = 0; e < logits.Length; e++)
        {
            var isFree = work[e] < capacity[e];
            if (hasOpinion[e] && (best < 0 || (isFree == bestIsFree ? logits[e] > logits[best] : isFree)))
            {
                (best, bestIsFree) = (e, isFree);
            }
        }

        return best;
    }

    // With z = logsumexp s, the gradient of z^2 is 2 z g.
    private static double AddZLoss(GateBatch batch, int example, ReadOnlySpan<double> gate, double weight)
    {
        Span<double> logits = stackalloc double[batch.Experts];
        for (var e = 0; e < logits.Length; e++)
        {
            logits[e] = batch.HasOpinion(example)[e] ? batch.Output(example)[e] : double.NegativeInfinity;
        }

        var z = LogSpace.LogSumExp(logits);
        var gradient = batch.Gradient(example);
        for (var e = 0; e < gate.Length; e++)
        {
            gradient[e] += 2 * weight * z * gate[e];
        }

        return weight * z * z;
    }
}
