using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking two experts (Jiang et al. 2024). The loss is the mixture likelihood with the softmax over the k largest logits, plus the
/// balance loss of Switch over all k, as in Hugging Face's Mixtral, so that experts that are never selected still get a gradient.
/// </summary>
internal sealed class MixtralKind : IGateKind
{
    private const int DefaultK = 2;

    public string Name => "mixtral";

    public string Strategy => "mixtral";

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        var work = new double[batch.Experts];
        Span<bool> selected = stackalloc bool[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            if (!batch.HasOpinion(n).Contains(true))
            {
                continue;
            }

            TopK.Mark(batch.Output(n), batch.HasOpinion(n), options.K ?? DefaultK, selected);
            for (var e = 0; e < selected.Length; e++)
            {
                work[e] += selected[e] ? 1 : 0;
            }

            loss += MixtureLoss.AddLikelihood(batch.Output(n), batch.LogLikelihood(n), selected, batch.Gradient(n));
        }

        return batch.Training ? loss + LoadBalance.AddSwitchLoss(batch, work, options.Balance) : loss;
    }
}
