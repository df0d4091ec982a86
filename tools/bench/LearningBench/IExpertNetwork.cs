namespace Multimodal.Bench.LearningBench;

/// <summary>What an expert of the benchmark fits: logits of the labels from one view. Parameters are one flat vector, kept by the expert.</summary>
internal interface IExpertNetwork
{
    int ParameterCount { get; }

    /// <summary>Random parameters to begin with.</summary>
    void Initialise(Span<float> parameters, Random random);

    /// <summary>Buffers for one example at a time; not thread-safe.</summary>
    IExpertPass Begin();
}
