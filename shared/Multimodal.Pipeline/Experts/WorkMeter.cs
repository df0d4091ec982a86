namespace Multimodal.Pipeline.Experts;

/// <summary>How an expert of this process works: the size of its batches, and its pace while it has something to do. Thread-safe.</summary>
/// <param name="time">The clock.</param>
internal sealed class WorkMeter(TimeProvider time)
{
    /// <summary>Weight of the newest answer in the moving means: the last twenty count most.</summary>
    private const double Newest = 0.05;

    private readonly Lock _lock = new();
    private double _batchSize;
    private double _busyMs;
    private double _answers;
    private long? _last;

    /// <summary>Moving mean of items per batch, over requests; 0 before the first.</summary>
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
    /// Milliseconds from one answer to the next while something waited: whatever it costs, with all that runs beside it on the machine.
    /// 0 before anything ever had to wait.
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

    /// <summary>Counts what was answered or declined.</summary>
    /// <param name="arrived">Timestamp at which it came to this process.</param>
    /// <param name="batchSize">Items in its batch; null when it was in none.</param>
    public void Note(long arrived, int? batchSize)
    {
        lock (_lock)
        {
            if (batchSize is { } size)
            {
                _batchSize = _batchSize == 0 ? size : _batchSize + (Newest * (size - _batchSize));
            }

            // It was here when the one before it was answered, so the time since then is work and not idleness.
            var now = time.GetTimestamp();
            if (_last is { } last && arrived <= last)
            {
                // A ratio of sums, because the answers of a batch come at once: none takes any time but the first.
                _busyMs = ((1 - Newest) * _busyMs) + time.GetElapsedTime(last, now).TotalMilliseconds;
                _answers = ((1 - Newest) * _answers) + 1;
            }

            _last = now;
        }
    }
}
