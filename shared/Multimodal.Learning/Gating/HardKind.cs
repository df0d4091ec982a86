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
            if (batch.Given(n).Contains(true))
            {
                loss += MixtureLoss.AddChoice(batch.Output(n), batch.Evidence(n), batch.Given(n), 1, batch.Gradient(n));
            }
        }

        return loss;
    }
}
