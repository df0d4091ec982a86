using System.Runtime.InteropServices;

namespace Multimodal.Testing;

/// <summary>
/// Writes small ONNX models (IR version 8, opset 17), with field numbers from onnx.proto. Every method returns the graph, so that a model
/// is one expression.
/// </summary>
public sealed class OnnxGraph
{
    /// <summary>TensorProto.DataType of 32-bit floats.</summary>
    public const int Float = 1;

    /// <summary>TensorProto.DataType of 64-bit integers.</summary>
    public const int Int64 = 7;

    private readonly ProtobufWriter _graph = new ProtobufWriter().Text(2, "test");

    /// <summary>Adds an input; a null extent is dynamic and named after its position.</summary>
    public OnnxGraph Input(string name, int type, params int?[] shape) => Value(11, name, type, shape);

    /// <summary>Adds an output; a null extent is dynamic and named after its position.</summary>
    public OnnxGraph Output(string name, int type, params int?[] shape) => Value(12, name, type, shape);

    /// <summary>Adds a node without attributes.</summary>
    public OnnxGraph Node(string type, string[] inputs, string output) => Node(type, inputs, output, []);

    /// <summary>Adds a node with one integer attribute.</summary>
    public OnnxGraph Node(string type, string[] inputs, string output, string attribute, long value) =>
        Node(type, inputs, output, [], (attribute, value));

    /// <summary>Adds a node with attributes: lists of integers, then integers.</summary>
    public OnnxGraph Node(
        string type, string[] inputs, string output, (string Name, long[] Values)[] lists, params (string Name, long Value)[] integers)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        node.Text(2, output).Text(4, type);
        foreach (var (name, value) in integers)
        {
            node.Message(5, new ProtobufWriter().Text(1, name).Integer(3, value).Integer(20, 2));
        }

        foreach (var (name, values) in lists)
        {
            node.Message(5, values.Aggregate(new ProtobufWriter().Text(1, name), (list, value) => list.Integer(8, value)).Integer(20, 7));
        }

        _graph.Message(1, node);
        return this;
    }

    /// <summary>Adds a constant of floats.</summary>
    public OnnxGraph Constant(string name, float[] values, params int[] shape) => Constant(name, Float, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    /// <summary>Adds a constant of integers.</summary>
    public OnnxGraph Constant(string name, long[] values, params int[] shape) => Constant(name, Int64, MemoryMarshal.AsBytes(values.AsSpan()), shape);

    /// <summary>Returns the model file.</summary>
    public byte[] ToModel() => new ProtobufWriter()
        .Integer(1, 8)
        .Text(2, "multimodal-tests")
        .Message(7, _graph)
        .Message(8, new ProtobufWriter().Text(1, "").Integer(2, 17))
        .ToArray();

    private OnnxGraph Constant(string name, int type, ReadOnlySpan<byte> raw, int[] shape)
    {
        var tensor = new ProtobufWriter();
        foreach (var extent in shape)
        {
            tensor.Integer(1, extent);
        }

        _graph.Message(5, tensor.Integer(2, type).Text(8, name).Bytes(9, raw));
        return this;
    }

    private OnnxGraph Value(int field, string name, int type, int?[] shape)
    {
        var extents = new ProtobufWriter();
        for (var axis = 0; axis < shape.Length; axis++)
        {
            var extent = new ProtobufWriter();
            extents.Message(1, shape[axis] is { } fixedExtent ? extent.Integer(1, fixedExtent) : extent.Text(2, $"axis{axis}"));
        }

        var tensor = new ProtobufWriter().Integer(1, type).Message(2, extents);
        _graph.Message(field, new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor)));
        return this;
    }
}
