namespace Multimodal.Learning.Data;

/// <summary>Applies a <see cref="FeatureScaling"/>. Thread-safe, no allocation.</summary>
internal sealed class FeatureScaler
{
    private readonly double[] _mean;
    private readonly double[] _inverse;
    private readonly int[] _presence;

    public FeatureScaler(FeatureScaling scaling)
    {
        _mean = [.. scaling.Mean];
        _inverse = [.. scaling.Scale.Select(s => s > 0 ? 1 / s : 0)];
        _presence = FeatureScaling.PresenceOf(_mean.Length, scaling.Blocks);
    }

    public int Count => _mean.Length;

    /// <summary>
    /// Standardises and clips. What is not known is 0, the mean: NaN, infinity, constants, and every feature of a modality
    /// that is absent, whatever the caller left in its place. Presence is 0 or 1 and enters as it is.
    /// </summary>
    public void Apply(ReadOnlySpan<float> features, Span<double> standardised)
    {
        if (features.Length != _mean.Length)
        {
            throw new ArgumentException($"{features.Length} features where {_mean.Length} are needed.", nameof(features));
        }

        for (var f = 0; f < features.Length; f++)
        {
            var presence = _presence[f];
            if (presence >= 0 && !(features[presence] >= 0.5f))
            {
                standardised[f] = 0;
            }
            else if (presence == f)
            {
                standardised[f] = 1;
            }
            else
            {
                var z = (features[f] - _mean[f]) * _inverse[f];
                standardised[f] = float.IsFinite(features[f]) ? Math.Clamp(z, -FeatureScaling.ClipAt, FeatureScaling.ClipAt) : 0;
            }
        }
    }
}
