namespace Multimodal.Bench.LearningBench;

/// <summary>
/// The network of a benchmark expert: logits of the labels from one view. The expert stores its parameters as one flat vector.
/// </summary>
internal interface IExpertNetwork
{
    int ParameterCount { get; }

    /// <summary>Writes random initial parameters.</summary>
    void Initialise(Span<float> parameters, Random random);

    /// <summary>Returns buffers for one example at a time; not thread-safe.</summary>
    IExpertPass Begin();
}
