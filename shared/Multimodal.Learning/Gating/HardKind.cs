namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking one expert: the expected cost of asking one of all available, drawn by the gate. Every expert's answer is on record, so the
/// expectation is exact and needs no sampling.
/// </summary>
internal sealed class HardKind : IGateKind
{
    public string Name => "hard";

    public string Strategy => "hard";

    public double Loss(GateBatch batch, TrainingOptions options)
    {
        double loss = 0;
        for (var n = 0; n < batch.Count; n++)
        {
            if (batch.HasOpinion(n).Contains(true))
            {
                loss += MixtureLoss.AddExpectedCost(batch.Output(n), batch.LogLikelihood(n), batch.HasOpinion(n), 1, batch.Gradient(n));
            }
        }

        return loss;
    }
}
