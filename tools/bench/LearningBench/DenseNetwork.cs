namespace Multimodal.Bench.LearningBench;

/// <summary>One layer of ReLU units over all features, for views whose features have no order.</summary>
internal sealed class DenseNetwork(int features, int labels) : IExpertNetwork
{
    // Chosen together with the expert's settings (docs/studies/benchmark-experts.md).
    private const int Units = 256;
    private const float Dropout = 0.2f;

    public int ParameterCount => ReluLayer.ParameterCount(features, Units, labels);

    public void Initialise(Span<float> parameters, Random random) => ReluLayer.Initialise(parameters, features, Units, random);

    public IExpertPass Begin() => new Pass(features, labels);

    private sealed class Pass(int features, int labels) : IExpertPass
    {
        private readonly ReluLayer _layer = new(features, Units, labels, Dropout);
        private readonly float[] _view = new float[features];

        public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> view, Random? dropout, Span<double> logits)
        {
            view.CopyTo(_view);
            _layer.Forward(parameters, _view, dropout, logits);
        }

        public void Backward(ReadOnlySpan<float> parameters, ReadOnlySpan<double> errors, Span<float> gradient) =>
            _layer.Backward(parameters, _view, errors, gradient, []);
    }
}
