using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Sessions;

/// <summary>Reusable pinned input and output memory of one run, with tensors over it for each batch size used so far.</summary>
internal sealed unsafe class BatchTensors : IDisposable
{
    private readonly TensorRow _row;
    private readonly int _labels;
    private readonly byte[] _input;
    private readonly float[] _output;
    private readonly (OrtValue[] Input, OrtValue[] Output)?[] _values;

    public BatchTensors(TensorRow row, int labels, int maxBatch)
    {
        (_row, _labels) = (row, labels);
        _input = GC.AllocateArray<byte>(checked(row.ByteLength * maxBatch), pinned: true);
        _output = GC.AllocateArray<float>(checked(labels * maxBatch), pinned: true);
        _values = new (OrtValue[], OrtValue[])?[maxBatch + 1];
    }

    public Span<byte> InputRow(int index) => _input.AsSpan(index * _row.ByteLength, _row.ByteLength);

    public ReadOnlySpan<float> OutputRow(int index) => _output.AsSpan(index * _labels, _labels);

    /// <summary>The tensors over the first rows: input [rows, ...row shape] and output [rows, labels].</summary>
    public (OrtValue[] Input, OrtValue[] Output) Values(int rows) => _values[rows] ??= (
        [Tensor(ElementType(_row.Element), _input, [rows, .. _row.Shape], rows * _row.ByteLength)],
        [Tensor(TensorElementType.Float, _output, [rows, _labels], rows * _labels * sizeof(float))]);

    /// <summary>Converts an element type to ONNX Runtime's type.</summary>
    public static TensorElementType ElementType(TensorElement element) =>
        element == TensorElement.Int64 ? TensorElementType.Int64 : TensorElementType.Float;

    public void Dispose()
    {
        foreach (var values in _values)
        {
            values?.Input[0].Dispose();
            values?.Output[0].Dispose();
        }
    }

    // The arrays are allocated pinned and outlive the tensors, so the addresses stay valid after the fixed block.
    private static OrtValue Tensor<T>(TensorElementType type, T[] memory, ReadOnlySpan<int> shape, int bytes)
        where T : unmanaged
    {
        var extents = new long[shape.Length];
        for (var i = 0; i < extents.Length; i++)
        {
            extents[i] = shape[i];
        }

        fixed (T* start = memory)
        {
            return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, extents, (nint)start, bytes);
        }
    }
}
