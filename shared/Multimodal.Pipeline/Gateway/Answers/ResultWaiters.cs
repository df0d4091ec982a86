namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Completes the local HTTP calls that wait for a result.</summary>
internal sealed class ResultWaiters
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Waiting> _waiting = [];

    /// <summary>The requests whose results are waited for.</summary>
    public IReadOnlyList<Guid> Waited
    {
        get
        {
            lock (_lock)
            {
                return [.. _waiting.Keys];
            }
        }
    }

    /// <summary>Registers for a result. Register first and then check the store, so that no result is missed.</summary>
    public Registration Register(Guid id)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(id, out var waiting))
            {
                _waiting.Add(id, waiting = new Waiting());
            }

            waiting.Listeners++;
            return new Registration(this, id, waiting.Result.Task);
        }
    }

    /// <summary>Passes a recorded result to all its waiters.</summary>
    public void Complete(Guid id, string result)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(id, out var waiting))
            {
                waiting.Result.TrySetResult(result);
            }
        }
    }

    private void Leave(Guid id)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(id, out var waiting) && --waiting.Listeners == 0)
            {
                _waiting.Remove(id);
            }
        }
    }

    private sealed class Waiting
    {
        public TaskCompletionSource<string> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Listeners { get; set; }
    }

    /// <summary>One listener; dispose it once.</summary>
    internal sealed class Registration(ResultWaiters owner, Guid id, Task<string> result) : IDisposable
    {
        /// <summary>Returns the result; null after the timeout.</summary>
        public async Task<string?> WaitAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
        {
            try
            {
                return await result.WaitAsync(timeout, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        public void Dispose() => owner.Leave(id);
    }
}
