using Multimodal.Learning.Numerics;

namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking two (Jiang et al. 2024): the mixture likelihood with the softmax over the k best logits alone, and the balance loss that keeps
/// experts that are never among them from being forgotten (Hugging Face's Mixtral uses that of Switch over all k places).
/// </summary>
internal sealed class MixtralKind : IGateKind
{
    private const int Two = 2;

    public string Name => "mixtral";

    public string Strategy => "mixtral";

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        var work = new double[batch.Experts];
        Span<bool> among = stackalloc bool[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            if (!batch.HasOpinion(n).Contains(true))
            {
                continue;
            }

            TopK.Mark(batch.Output(n), batch.HasOpinion(n), options.K ?? Two, among);
            for (var e = 0; e < among.Length; e++)
            {
                work[e] += among[e] ? 1 : 0;
            }

            loss += MixtureLoss.AddLikelihood(batch.Output(n), batch.LogLikelihood(n), among, batch.Gradient(n));
        }

        return batch.Training ? loss + LoadBalance.AddSwitchLoss(batch, work, options.Balance) : loss;
    }
}
