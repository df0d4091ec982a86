using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking one with room (Fedus, Zoph and Shazeer 2022). Each example goes to its best expert, to the next best when that one already
/// has capacity times its fair share of the batch, and to the best after all when everyone has. Switch scales the expert's
/// output by its gate weight and adds it to the residual; with distributions the residual is the even one, so
/// L = -ln(g_i p_i(y) + (1 - g_i) / K). Beside it the balance loss and the z-loss (logsumexp s)^2 (ST-MoE 2022, equation 5).
/// </summary>
internal sealed class SwitchKind : IGateKind
{
    public string Name => "switch";

    public string Strategy => "switch";

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        double[] room = [.. LoadBalance.FairShares(batch).Select(share => batch.Training ? Math.Ceiling(options.Capacity * share) : double.MaxValue)];
        var work = new double[batch.Experts];
        Span<double> gate = stackalloc double[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            if (!batch.HasOpinion(n).Contains(true))
            {
                continue;
            }

            var asked = Dispatch(batch.Output(n), batch.HasOpinion(n), work, room);
            work[asked]++;
            LoadBalance.Softmax(batch.Output(n), batch.HasOpinion(n), gate);
            var gradient = batch.Gradient(n);
            var even = 1.0 / batch.LabelCount;
            var right = Math.Exp(batch.LogLikelihood(n)[asked]);
            var answer = gate[asked] * right + (1 - gate[asked]) * even;
            loss -= Math.Log(answer);
            var slope = (even - right) / answer * gate[asked];
            for (var e = 0; e < gate.Length; e++)
            {
                gradient[e] += slope * ((e == asked ? 1 : 0) - gate[e]);
            }

            loss += batch.Training ? AddZLoss(batch, n, gate, options.ZLoss) : 0;
        }

        return batch.Training ? loss + LoadBalance.AddSwitchLoss(batch, work, options.Balance) : loss;
    }

    /// <summary>The best expert with room; ties go to the one listed first.</summary>
    internal static int Dispatch(ReadOnlySpan<double> logits, ReadOnlySpan<bool> given, ReadOnlySpan<double> work, ReadOnlySpan<double> room)
    {
        var best = -1;
        var bestHasRoom = false;
        for (var e = 0; e < logits.Length; e++)
        {
            var hasRoom = work[e] < room[e];
            if (given[e] && (best < 0 || (hasRoom == bestHasRoom ? logits[e] > logits[best] : hasRoom)))
            {
                (best, bestHasRoom) = (e, hasRoom);
            }
        }

        return best;
    }

    // The gradient of z^2 is 2 z g.
    private static double AddZLoss(GateBatch batch, int example, ReadOnlySpan<double> gate, double weight)
    {
        Span<double> among = stackalloc double[batch.Experts];
        for (var e = 0; e < among.Length; e++)
        {
            among[e] = batch.HasOpinion(example)[e] ? batch.Output(example)[e] : double.NegativeInfinity;
        }

        var z = LogSpace.LogSumExp(among);
        var gradient = batch.Gradient(example);
        for (var e = 0; e < gate.Length; e++)
        {
            gradient[e] += 2 * weight * z * gate[e];
        }

        return weight * z * z;
    }
}
