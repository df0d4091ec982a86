namespace Multimodal.Bench.Profile;

/// <summary>Stacks of running threads and of allocations, counted by stage.</summary>
internal sealed class StackSamples
{
    private readonly Dictionary<string, double> _running = [];
    private readonly Dictionary<string, double> _bytes = [];
    private readonly Dictionary<string, int> _methods = [];
    private int _count;

    /// <summary>Share of the processor time of each stage, in [0, 1].</summary>
    public IReadOnlyDictionary<string, double> Shares => _running.ToDictionary(stage => stage.Key, stage => stage.Value / Math.Max(1, _count));

    /// <summary>Allocated bytes of each stage.</summary>
    public IReadOnlyDictionary<string, double> Bytes => _bytes;

    /// <summary>The methods that ran most often, with their share: the innermost frame, and the innermost frame of this project.</summary>
    public IEnumerable<(string Method, double Share)> Hottest(int count) =>
        _methods.OrderByDescending(method => method.Value).Take(count).Select(method => (method.Key, (double)method.Value / Math.Max(1, _count)));

    /// <summary>Counts a stack, unless its thread waits.</summary>
    /// <param name="frames">Full names of the methods, innermost first.</param>
    public void AddStack(IReadOnlyList<string> frames)
    {
        if (frames.Count == 0 || frames[0].Length == 0 || StageRules.IsWaiting(frames))
        {
            return;
        }

        _count++;
        var stage = StageRules.StageOf(frames);
        _running[stage] = _running.GetValueOrDefault(stage) + 1;
        var own = frames.FirstOrDefault(frame => frame.StartsWith("Multimodal", StringComparison.Ordinal));
        var method = own is null || own == frames[0] ? frames[0] : $"{frames[0]} < {own}";
        _methods[method] = _methods.GetValueOrDefault(method) + 1;
    }

    /// <summary>Counts an allocation.</summary>
    /// <param name="frames">Full names of the methods, innermost first.</param>
    /// <param name="bytes">The bytes that the sample stands for.</param>
    public void AddAllocation(IReadOnlyList<string> frames, double bytes)
    {
        var stage = StageRules.StageOf(frames);
        _bytes[stage] = _bytes.GetValueOrDefault(stage) + bytes;
    }
}
