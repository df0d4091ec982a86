namespace Multimodal.Learning.Gating;

/// <summary>
/// For asking one expert. The loss is the expected cost of asking one of the available experts, drawn by the gate. Every opinion is
/// recorded, so the expectation is exact.
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
