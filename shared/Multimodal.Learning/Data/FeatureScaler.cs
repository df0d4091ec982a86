namespace Multimodal.Learning.Data;

/// <summary>Applies a <see cref="FeatureScaling"/>. Thread-safe; it does not allocate.</summary>
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
    /// Standardises and clips. NaN, infinity, constant features and all features of an absent modality become 0, the mean. Presence
    /// features are 0 or 1 and stay unscaled.
    /// </summary>
    /// <param name="features">One value per feature.</param>
    /// <param name="standardised">As long as the features; overwritten.</param>
    public void Apply(ReadOnlySpan<float> features, Span<double> standardised)
    {
        if (features.Length != _mean.Length)
        {
            throw new ArgumentException($"There are {features.Length} features; there must be {_mean.Length}.", nameof(features));
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
