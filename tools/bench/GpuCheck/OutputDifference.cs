namespace Multimodal.Bench.GpuCheck;

/// <summary>Difference between the outputs of two sessions.</summary>
/// <param name="Rows">Rows compared.</param>
/// <param name="ChangedLabels">Rows whose largest output has a different index.</param>
/// <param name="Largest">Largest absolute difference of one output; infinite if an output is NaN.</param>
/// <param name="Scale">Largest absolute output of the reference.</param>
internal sealed record OutputDifference(int Rows, int ChangedLabels, double Largest, double Scale)
{
    /// <summary>Largest difference relative to the largest output.</summary>
    public double Relative => Scale > 0 ? Largest / Scale : Largest;
}
