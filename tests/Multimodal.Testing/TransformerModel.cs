using System.Globalization;

namespace Multimodal.Testing;

/// <summary>
/// Writes a transformer encoder with a classifier, in the form that PyTorch exports BERT: embeddings, then layers of self-attention and a
/// feed-forward network, then the mean over the positions. Input <c>x</c> holds token ids [batch, length], output <c>y</c> logits
/// [batch, labels]. The weights come from a seed, so the model costs as much as a trained one and its answers mean nothing.
/// </summary>
/// <param name="layers">Number of layers.</param>
/// <param name="width">Size of a token's vector; the feed-forward network is four times as wide.</param>
/// <param name="heads">Number of attention heads; a divisor of the width.</param>
public sealed class TransformerModel(int layers, int width, int heads)
{
    /// <summary>Number of token ids. Id 0 is not special: every position counts.</summary>
    public const int Vocabulary = 1000;

    private readonly OnnxGraph _graph = new();
    private Random _random = new(0);
    private int _names;

    /// <summary>Returns the model file.</summary>
    /// <param name="labels">Number of labels.</param>
    /// <param name="seed">Seed of the weights.</param>
    public byte[] ToModel(int labels, int seed)
    {
        _random = new Random(seed);
        _graph.Input("x", OnnxGraph.Int64, null, null).Output("y", OnnxGraph.Float, null, labels)
            .Constant("split", [0L, 0, heads, width / heads], 4)
            .Constant("join", [0L, 0, width], 3)
            .Constant("scale", [1 / MathF.Sqrt((float)width / heads)], 1)
            .Constant("half", [0.5f], 1).Constant("one", [1f], 1).Constant("root", [MathF.Sqrt(2)], 1);
        var tokens = Normalize(Node("Gather", Weights(Vocabulary, width), "x"));
        for (var layer = 0; layer < layers; layer++)
        {
            tokens = Normalize(Node("Add", tokens, Attend(tokens)));
            tokens = Normalize(Node("Add", tokens, Dense(Gelu(Dense(tokens, width, 4 * width)), 4 * width, width)));
        }

        var mean = Next();
        _graph.Node("ReduceMean", [tokens], mean, [("axes", [1L])], ("keepdims", 0));
        var logits = Dense(mean, width, labels);
        _graph.Node("Identity", [logits], "y");
        return _graph.ToModel();
    }

    private string Attend(string tokens)
    {
        var (query, key, value) = (Heads(tokens, 0, 2, 1, 3), Heads(tokens, 0, 2, 3, 1), Heads(tokens, 0, 2, 1, 3));
        var scores = Node("Mul", Node("MatMul", query, key), "scale");
        var shares = Next();
        _graph.Node("Softmax", [scores], shares, "axis", -1);
        var mixed = Transpose(Node("MatMul", shares, value), 0, 2, 1, 3);
        return Dense(Node("Reshape", mixed, "join"), width, width);
    }

    private string Heads(string tokens, params long[] order) => Transpose(Node("Reshape", Dense(tokens, width, width), "split"), order);

    private string Gelu(string value) =>
        Node("Mul", Node("Mul", value, Node("Add", Node("Erf", Node("Div", value, "root")), "one")), "half");

    private string Normalize(string value)
    {
        var (scale, bias, result) = (Next(), Next(), Next());
        _graph.Constant(scale, [.. Enumerable.Repeat(1f, width)], width).Constant(bias, new float[width], width)
            .Node("LayerNormalization", [value, scale, bias], result, "axis", -1);
        return result;
    }

    private string Dense(string value, int inputs, int outputs) => Node("Add", Node("MatMul", value, Weights(inputs, outputs)), Weights(outputs));

    private string Transpose(string value, params long[] order)
    {
        var result = Next();
        _graph.Node("Transpose", [value], result, [("perm", order)]);
        return result;
    }

    private string Node(string type, params string[] inputs)
    {
        var result = Next();
        _graph.Node(type, inputs, result);
        return result;
    }

    private string Weights(params int[] shape)
    {
        // The variance keeps activations near 1 in every layer.
        var (name, bound) = (Next(), MathF.Sqrt(3f / shape[0]));
        var values = new float[shape.Aggregate(1, (product, extent) => product * extent)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ((2 * _random.NextSingle()) - 1) * bound;
        }

        _graph.Constant(name, values, shape);
        return name;
    }

    private string Next() => string.Create(CultureInfo.InvariantCulture, $"v{_names++}");
}
