namespace Multimodal.Testing;

/// <summary>
/// Models of a few hundred bytes, each with one behaviour. Input <c>x</c> and output <c>y</c> are float arrays of [batch, n].
/// </summary>
public static class TinyModels
{
    /// <summary>y = x W + b with seeded random weights.</summary>
    public static byte[] Linear(int inputs, int labels, int seed)
    {
        var random = new Random(seed);
        var weights = Enumerable.Range(0, inputs * labels).Select(_ => (float)(random.NextDouble() * 2 - 1)).ToArray();
        var bias = Enumerable.Range(0, labels).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        return new OnnxGraph()
            .Input("x", OnnxGraph.Float, null, inputs)
            .Output("y", OnnxGraph.Float, null, labels)
            .Constant("w", weights, inputs, labels)
            .Constant("b", bias, labels)
            .Node("MatMul", ["x", "w"], "xw")
            .Node("Add", ["xw", "b"], "y")
            .ToModel();
    }

    /// <summary>y = x.</summary>
    public static byte[] Identity(int labels) => new OnnxGraph()
        .Input("x", OnnxGraph.Float, null, labels)
        .Output("y", OnnxGraph.Float, null, labels)
        .Node("Identity", ["x"], "y")
        .ToModel();

    /// <summary>y = ln x, which is NaN for negative values.</summary>
    public static byte[] Logarithm(int labels) => new OnnxGraph()
        .Input("x", OnnxGraph.Float, null, labels)
        .Output("y", OnnxGraph.Float, null, labels)
        .Node("Log", ["x"], "y")
        .ToModel();

    /// <summary>y = x, after allocating as many floats as the largest value of the batch.</summary>
    public static byte[] Glutton(int labels) => new OnnxGraph()
        .Input("x", OnnxGraph.Float, null, labels)
        .Output("y", OnnxGraph.Float, null, labels)
        .Constant("one", [1L], 1)
        .Constant("zero", [0f], 1)
        .Node("ReduceMax", ["x"], "most", "keepdims", 0)
        .Node("Cast", ["most"], "count", "to", OnnxGraph.Int64)
        .Node("Reshape", ["count", "one"], "shape")
        .Node("ConstantOfShape", ["shape"], "memory")
        .Node("ReduceMin", ["memory"], "least", "keepdims", 0)
        .Node("Mul", ["least", "zero"], "nothing")
        .Node("Add", ["x", "nothing"], "y")
        .ToModel();

    /// <summary>Ids to logits: the mean of their embeddings without padding, times the weights. Input <c>x</c> contains integers.</summary>
    /// <param name="embedding">One row per id.</param>
    /// <param name="ids">Number of ids.</param>
    /// <param name="weights">[width of the embedding, labels].</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="padding">The id that fills rows.</param>
    public static byte[] MeanOfPieces(float[] embedding, int ids, float[] weights, int labels, long padding) => new OnnxGraph()
        .Input("x", OnnxGraph.Int64, null, null)
        .Output("y", OnnxGraph.Float, null, labels)
        .Constant("embedding", embedding, ids, embedding.Length / ids)
        .Constant("w", weights, weights.Length / labels, labels)
        .Constant("padding", [padding], 1)
        .Constant("position", [1L], 1)
        .Constant("last", [2L], 1)
        .Node("Equal", ["x", "padding"], "isPadding")
        .Node("Not", ["isPadding"], "isPiece")
        .Node("Cast", ["isPiece"], "flat", "to", OnnxGraph.Float)
        .Node("Unsqueeze", ["flat", "last"], "mask")
        .Node("Gather", ["embedding", "x"], "embedded")
        .Node("Mul", ["embedded", "mask"], "kept")
        .Node("ReduceSum", ["kept", "position"], "sum", "keepdims", 0)
        .Node("ReduceSum", ["mask", "position"], "count", "keepdims", 0)
        .Node("Div", ["sum", "count"], "mean")
        .Node("MatMul", ["mean", "w"], "y")
        .ToModel();
}
