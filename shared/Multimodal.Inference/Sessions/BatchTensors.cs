using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Sessions;

/// <summary>
/// Reusable pinned input and output memory of one run on one session, with tensors over it for each batch size used so far.
/// </summary>
internal sealed unsafe class BatchTensors : IDisposable
{
    private readonly InferenceSession _session;
    private readonly ModelTensors _model;
    private readonly string[] _inputName;
    private readonly string[] _outputName;
    private readonly byte[] _input;
    private readonly float[] _output;
    private readonly (OrtValue[] Input, OrtValue[] Output)?[] _values;
    private readonly OrtIoBinding? _binding;

    public BatchTensors(InferenceSession session, ModelTensors model, SessionPlan plan)
    {
        (_session, _model, _inputName, _outputName) = (session, model, [model.Input], [model.Output]);
        _input = GC.AllocateArray<byte>(checked(model.Row.ByteLength * plan.MaxBatch), pinned: true);
        _output = GC.AllocateArray<float>(checked(model.Labels * plan.MaxBatch), pinned: true);
        _values = new (OrtValue[], OrtValue[])?[plan.MaxBatch + 1];
        _binding = plan.BindsMemory ? session.CreateIoBinding() : null;
    }

    public Span<byte> InputRow(int index) => _input.AsSpan(index * _model.Row.ByteLength, _model.Row.ByteLength);

    public ReadOnlySpan<float> OutputRow(int index) => _output.AsSpan(index * _model.Labels, _model.Labels);

    /// <summary>Runs the model on the first rows.</summary>
    public void Run(int rows, RunOptions options)
    {
        var (input, output) = _values[rows] ??= (
            [Tensor(ElementType(_model.Row.Element), _input, [rows, .. _model.Row.Shape], rows * _model.Row.ByteLength)],
            [Tensor(TensorElementType.Float, _output, [rows, _model.Labels], rows * _model.Labels * sizeof(float))]);
        if (_binding is null)
        {
            _session.Run(options, _inputName, input, _outputName, output);
            return;
        }

        // Binding an input copies it to the device, so it is bound again for each run.
        _binding.BindInput(_model.Input, input[0]);
        _binding.BindOutput(_model.Output, output[0]);
        _binding.SynchronizeBoundInputs();
        _session.RunWithBinding(options, _binding);
        _binding.SynchronizeBoundOutputs();
    }

    /// <summary>Converts an element type to ONNX Runtime's type.</summary>
    public static TensorElementType ElementType(TensorElement element) =>
        element == TensorElement.Int64 ? TensorElementType.Int64 : TensorElementType.Float;

    public void Dispose()
    {
        _binding?.Dispose();
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
