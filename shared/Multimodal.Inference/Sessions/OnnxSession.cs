using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Sessions;

/// <summary>
/// One loaded model with one input and one output. Runs may overlap: ONNX Runtime allows it, and each run has its own tensors.
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string[] _input;
    private readonly string[] _output;
    private readonly ConcurrentBag<BatchTensors> _spare = [];
    private readonly int _maxBatch;

    /// <summary>Loads the model.</summary>
    /// <param name="modelPath">The .onnx file.</param>
    /// <param name="options">Where it runs; still the caller's.</param>
    /// <param name="input">Name of the input tensor.</param>
    /// <param name="row">One item's share of it.</param>
    /// <param name="output">Name of the output tensor.</param>
    /// <param name="labels">Extent of its last axis.</param>
    /// <param name="maxBatch">The most rows of one run.</param>
    /// <exception cref="OnnxRuntimeException">The model or the device refuses.</exception>
    public OnnxSession(string modelPath, SessionOptions options, string input, TensorRow row, string output, int labels, int maxBatch)
    {
        _session = new InferenceSession(modelPath, options);
        (_input, _output, Row, Labels, _maxBatch) = ([input], [output], row, labels, maxBatch);
    }

    /// <summary>One item's share of the input.</summary>
    public TensorRow Row { get; }

    /// <summary>Values per row of the output.</summary>
    public int Labels { get; }

    /// <summary>Runs the model on rows.</summary>
    /// <param name="rows">Rows in the batch, 1 to the most given at loading.</param>
    /// <param name="fill">Writes row i, exactly <c>Row.ByteLength</c> bytes.</param>
    /// <param name="read">Reads the output of row i.</param>
    /// <param name="cancellationToken">Ends the run between two of its nodes.</param>
    /// <exception cref="OnnxRuntimeException">The run failed or was ended.</exception>
    public void Run(int rows, FillRow fill, ReadRow read, CancellationToken cancellationToken)
    {
        if (!_spare.TryTake(out var tensors))
        {
            tensors = new BatchTensors(Row, Labels, _maxBatch);
        }

        try
        {
            for (var i = 0; i < rows; i++)
            {
                fill(i, tensors.InputRow(i));
            }

            using var options = new RunOptions();
            using var registration = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
            var (input, output) = tensors.Values(rows);
            _session.Run(options, _input, input, _output, output);
            for (var i = 0; i < rows; i++)
            {
                read(i, tensors.OutputRow(i));
            }
        }
        finally
        {
            _spare.Add(tensors);
        }
    }

    /// <summary>Runs zeros at batch sizes 1, 2, 4, ... up to the most, so that no client pays for first-run allocations and plans.</summary>
    public void WarmUp()
    {
        for (var rows = 1; ; rows = Math.Min(rows * 2, _maxBatch))
        {
            Run(rows, static (_, row) => row.Clear(), static (_, _) => { }, CancellationToken.None);
            if (rows == _maxBatch)
            {
                return;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_spare.TryTake(out var tensors))
        {
            tensors.Dispose();
        }

        _session.Dispose();
    }
}
