namespace Multimodal.Learning.Gating;

/// <summary>
/// Dense, the base case: the mixture likelihood L = -ln sum_i g_i p_i(y) over everybody who gave an opinion (Jacobs et al. 1991), and
/// within each modality that has several opinions the expected cost of asking one of them: one of them is what a request mostly pays
/// for, and a medium that is right anyway would else hide which specialist of another was.
/// </summary>
internal sealed class SoftKind : IGateKind
{
    public string Name => "soft";

    public string Strategy => "soft";

    public double Loss(GateBatch batch, TrainingOptions options) => DenseLoss(batch, options);

    /// <summary>The loss, for whatever network gives one logit per expert.</summary>
    internal static double DenseLoss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        Span<bool> group = stackalloc bool[batch.Experts];
        for (var n = 0; n < batch.Count; n++)
        {
            var given = batch.HasOpinion(n);
            if (!given.Contains(true))
            {
                continue;
            }

            loss += MixtureLoss.AddLikelihood(batch.Output(n), batch.LogLikelihood(n), given, batch.Gradient(n));
            for (var modality = 0; modality < batch.Experts && options.WithinModality > 0; modality++)
            {
                for (var e = 0; e < group.Length; e++)
                {
                    group[e] = given[e] && batch.Modalities[e] == modality;
                }

                loss += group.Count(true) > 1
                    ? MixtureLoss.AddExpectedCost(batch.Output(n), batch.LogLikelihood(n), group, options.WithinModality, batch.Gradient(n))
                    : 0;
            }
        }

        return loss;
    }
}
