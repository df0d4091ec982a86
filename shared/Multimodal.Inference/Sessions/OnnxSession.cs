using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Sessions;

/// <summary>
/// A loaded model with one input and one output. It is thread-safe: each concurrent run has its own tensors.
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
    /// <param name="options">The device; the caller disposes it.</param>
    /// <param name="input">Name of the input tensor.</param>
    /// <param name="row">Type and shape of one item in the input.</param>
    /// <param name="output">Name of the output tensor, shape [batch, labels].</param>
    /// <param name="labels">Number of labels.</param>
    /// <param name="maxBatch">Largest number of rows in one run.</param>
    /// <exception cref="OnnxRuntimeException">The model does not load on the device.</exception>
    public OnnxSession(string modelPath, SessionOptions options, string input, TensorRow row, string output, int labels, int maxBatch)
    {
        _session = new InferenceSession(modelPath, options);
        (_input, _output, Row, Labels, _maxBatch) = ([input], [output], row, labels, maxBatch);
    }

    /// <summary>Type and shape of one item in the input.</summary>
    public TensorRow Row { get; }

    /// <summary>Number of values in a row of the output.</summary>
    public int Labels { get; }

    /// <summary>Runs the model on a batch.</summary>
    /// <param name="rows">Number of rows, 1 to the maximum batch size.</param>
    /// <param name="fill">Writes a row of the input, exactly <c>Row.ByteLength</c> bytes.</param>
    /// <param name="read">Reads a row of the output.</param>
    /// <param name="cancellationToken">Terminates the run between two nodes of the graph.</param>
    /// <exception cref="OnnxRuntimeException">The run failed or was terminated.</exception>
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
            using var registration =
                cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
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

    /// <summary>
    /// Runs zeros at batch sizes 1, 2, 4, ... up to the maximum, so that no request pays for the allocations of a first run.
    /// </summary>
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
