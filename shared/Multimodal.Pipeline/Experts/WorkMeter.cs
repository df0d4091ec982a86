namespace Multimodal.Pipeline.Experts;

/// <summary>Measures an expert's batch size, and its time per item while items are waiting. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class WorkMeter(TimeProvider time)
{
    /// <summary>Weight of the newest item in the moving means, which thus mainly reflect the last 20 items.</summary>
    private const double SmoothingFactor = 0.05;

    private readonly Lock _lock = new();
    private double _batchSize;
    private double _busyMs;
    private double _answers;
    private long? _last;

    /// <summary>Moving mean of items per batch, over answered items; 0 before the first batch.</summary>
    public double BatchSize
    {
        get
        {
            lock (_lock)
            {
                return _batchSize;
            }
        }
    }

    /// <summary>
    /// Mean milliseconds from one answer to the next while items were waiting. It includes the effect of all other load on the machine.
    /// 0 before any item had to wait.
    /// </summary>
    public double ItemMs
    {
        get
        {
            lock (_lock)
            {
                return _answers > 0 ? _busyMs / _answers : 0;
            }
        }
    }

    /// <summary>Records an answered or declined item.</summary>
    /// <param name="arrived">Timestamp of its arrival in this process.</param>
    /// <param name="batchSize">Number of items in its batch; null if it was not in a batch.</param>
    public void Record(long arrived, int? batchSize)
    {
        lock (_lock)
        {
            if (batchSize is { } size)
            {
                _batchSize = _batchSize == 0 ? size : _batchSize + (SmoothingFactor * (size - _batchSize));
            }

            var now = time.GetTimestamp();
            if (_last is { } last && arrived <= last)
            {
                // The item was already waiting when the previous one was answered, so the expert has not been idle since then.
                // A ratio of sums, because all answers of a batch come at once, and only the first has a time above 0.
                _busyMs = ((1 - SmoothingFactor) * _busyMs) + time.GetElapsedTime(last, now).TotalMilliseconds;
                _answers = ((1 - SmoothingFactor) * _answers) + 1;
            }

            _last = now;
        }
    }
}
