namespace Multimodal.Testing;

/// <summary>A random source that returns the given values in turn, so that a test controls every draw.</summary>
/// <param name="values">Values in [0, 1). A further draw throws, because the test would not test what it intends to.</param>
public sealed class ScriptedRandom(params double[] values) : Random(Seed: 0)
{
    private int _next;

    /// <summary>Number of values drawn.</summary>
    public int Drawn => _next;

    /// <inheritdoc/>
    public override double NextDouble() => Sample();

    /// <inheritdoc/>
    public override float NextSingle() => (float)Sample();

    /// <inheritdoc/>
    public override int Next() => Next(0, int.MaxValue);

    /// <inheritdoc/>
    public override int Next(int maxValue) => Next(0, maxValue);

    /// <inheritdoc/>
    public override int Next(int minValue, int maxValue) => minValue + (int)(Sample() * ((long)maxValue - minValue));

    /// <inheritdoc/>
    protected override double Sample() =>
        _next < values.Length ? values[_next++] : throw new InvalidOperationException($"The script holds {values.Length} values; one more was drawn.");
}
