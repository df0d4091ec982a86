using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Sessions;

/// <summary>
/// A loaded model with one input and one output. It is thread-safe: each concurrent run has its own tensors. Concurrent runs share the weights
/// of a session; several sessions take turns.
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    // The first run of a size allocates memory. The fastest of the runs counts.
    private const int Measurements = 2;

    // GPU libraries select an algorithm for each shape. On the CPU, and above this size, powers of two are enough.
    private const int MaxWarmSize = 32;

    private readonly InferenceSession[] _sessions;
    private readonly ModelTensors _model;
    private readonly SessionPlan _plan;
    private readonly ConcurrentBag<BatchTensors> _spare;
    private readonly BatchTensors[] _first;
    private int _created;

    /// <summary>Loads the model.</summary>
    /// <param name="modelPath">The .onnx file.</param>
    /// <param name="options">The device; the caller disposes it.</param>
    /// <param name="model">The model's input and output.</param>
    /// <param name="plan">Batch size and number of sessions.</param>
    /// <exception cref="OnnxRuntimeException">The model does not load on the device.</exception>
    public OnnxSession(string modelPath, SessionOptions options, ModelTensors model, SessionPlan plan)
    {
        (_model, _plan) = (model, plan);
        var sessions = new List<InferenceSession>(plan.Sessions);
        try
        {
            for (var i = 0; i < plan.Sessions; i++)
            {
                sessions.Add(new InferenceSession(modelPath, options));
            }
        }
        catch (OnnxRuntimeException)
        {
            sessions.ForEach(static session => session.Dispose());
            throw;
        }

        _sessions = [.. sessions];
        _first = [.. sessions.Select(session => new BatchTensors(session, model, plan))];
        _spare = [.. _first];
        _created = _first.Length;
    }

    /// <summary>Type and shape of one item in the input.</summary>
    public TensorRow Row => _model.Row;

    /// <summary>Number of values in a row of the output.</summary>
    public int Labels => _model.Labels;

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
            tensors = new BatchTensors(_sessions[(Interlocked.Increment(ref _created) - 1) % _sessions.Length], _model, _plan);
        }

        try
        {
            Run(tensors, rows, fill, read, cancellationToken);
        }
        finally
        {
            _spare.Add(tensors);
        }
    }

    /// <summary>Measures a run of zeros.</summary>
    public TimeSpan Measure(int rows, TimeProvider time) => Enumerable.Range(0, Measurements).Min(_ =>
    {
        var start = time.GetTimestamp();
        RunZeros(_first[0], rows);
        return time.GetElapsedTime(start);
    });

    /// <summary>Runs zeros at the batch sizes in use on every session, so that no request pays for a first run.</summary>
    /// <param name="largest">The largest batch size in use.</param>
    public void WarmUp(int largest)
    {
        foreach (var tensors in _first)
        {
            for (var size = 1; size <= largest; size = _plan.BindsMemory && size < MaxWarmSize ? size + 1 : size * 2)
            {
                RunZeros(tensors, size);
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

        foreach (var session in _sessions)
        {
            session.Dispose();
        }
    }

    private static void RunZeros(BatchTensors tensors, int rows) =>
        Run(tensors, rows, static (_, row) => row.Clear(), static (_, _) => { }, CancellationToken.None);

    private static void Run(BatchTensors tensors, int rows, FillRow fill, ReadRow read, CancellationToken cancellationToken)
    {
        for (var i = 0; i < rows; i++)
        {
            fill(i, tensors.InputRow(i));
        }

        using var options = new RunOptions();
        using var registration =
            cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
        tensors.Run(rows, options);
        for (var i = 0; i < rows; i++)
        {
            read(i, tensors.OutputRow(i));
        }
    }
}
