namespace Multimodal.Learning.Gating;

/// <summary>
/// The default, dense kind. Its loss is the mixture likelihood L = -ln sum_i g_i p_i(y) over all experts with an opinion (Jacobs et al.
/// 1991). Within each modality with several opinions, it adds the expected cost of asking one of them. Without this term, a modality that
/// is correct anyway hides which expert of another modality is better, although a request usually pays for only one of them.
/// </summary>
internal sealed class SoftKind : IGateKind
{
    public string Name => "soft";

    public string Strategy => "soft";

    public double Loss(GateBatch batch, TrainingOptions options) => DenseLoss(batch, options);

    /// <summary>The loss for a network with one logit per expert.</summary>
    internal static double DenseLoss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        Span<bool> siblings = stackalloc bool[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            var hasOpinion = batch.HasOpinion(n);
            if (!hasOpinion.Contains(true))
            {
                continue;
            }

            loss += MixtureLoss.AddLikelihood(batch.Output(n), batch.LogLikelihood(n), hasOpinion, batch.Gradient(n));
            for (var modality = 0; modality < batch.Experts && options.WithinModality > 0; modality++)
            {
                for (var e = 0; e < siblings.Length; e++)
                {
                    siblings[e] = hasOpinion[e] && batch.Modalities[e] == modality;
                }

                loss += siblings.Count(true) > 1
                    ? MixtureLoss.AddExpectedCost(
                        batch.Output(n), batch.LogLikelihood(n), siblings, options.WithinModality, batch.Gradient(n))
                    : 0;
            }
        }

        return loss;
    }
}
