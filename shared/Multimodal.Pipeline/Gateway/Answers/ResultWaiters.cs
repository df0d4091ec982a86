namespace Multimodal.Pipeline.Gateway.Answers;

/// <summary>Wakes the HTTP calls of this process that wait for a result.</summary>
internal sealed class ResultWaiters
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Waiting> _waiting = [];

    /// <summary>Starts listening for a result. To miss none, register first and then look whether it is there already.</summary>
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

    /// <summary>Hands a recorded result to everyone who waits for it.</summary>
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
        /// <summary>The result, or null when it did not come in time.</summary>
        public async Task<string?> WaitAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
        {
            try
            {
                return await result.WaitAsync(patience, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }

        public void Dispose() => owner.Leave(id);
    }
}
