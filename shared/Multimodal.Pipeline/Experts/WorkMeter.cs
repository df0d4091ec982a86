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
    private bool _wasBusy;
    private long _last;

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

    /// <summary>Counts an answer.</summary>
    /// <param name="batchSize">Items in its batch.</param>
    /// <param name="backlog">Items that are still waiting or in work.</param>
    public void Note(int batchSize, int backlog)
    {
        lock (_lock)
        {
            _batchSize = _batchSize == 0 ? batchSize : _batchSize + (Newest * (batchSize - _batchSize));
            var now = time.GetTimestamp();
            if (_wasBusy)
            {
                // A ratio of sums, because the answers of a batch come at once: none takes any time but the first.
                _busyMs = ((1 - Newest) * _busyMs) + time.GetElapsedTime(_last, now).TotalMilliseconds;
                _answers = ((1 - Newest) * _answers) + 1;
            }

            (_wasBusy, _last) = (backlog > 0, now);
        }
    }
}
