using Multimodal.Learning.Calibration;
using Multimodal.Learning.Data;

namespace Multimodal.Learning.Tests.Data;

/// <summary>
/// Synthetic recorded opinions: three modalities with two experts each. A part is of kind A or B, and clean or corrupt (40 %). In a tenth
/// of the requests with several parts, one part shows another label. Each expert is accurate on one kind, useless but confident on the
/// other, and weak on corrupt parts. The features indicate kind and corruption, with noise.
/// </summary>
internal static class SyntheticExperts
{
    public const int Labels = 10;

    private const int FeaturesPerModality = 36;
    private static readonly string[] Modalities = ["text", "image", "audio"];

    public static RecordedSet Make(int count, int seed)
    {
        var random = new Random(seed);
        RecordedExample[] raw = [.. Enumerable.Range(0, count).Select(_ => Example(random))];
        return new RecordedSet
        {
            Experts = [.. Modalities.SelectMany(m => new[] { new RecordedExpert($"{m}-a", m), new RecordedExpert($"{m}-b", m) })],
            Features = [.. Modalities.SelectMany(m => Enumerable.Range(0, FeaturesPerModality).Select(i => $"{m}.{i}"))],
            Blocks = [.. Modalities.Select((m, i) => new ModalityBlock(m, i * FeaturesPerModality, FeaturesPerModality))],
            LabelCount = Labels,
            Examples = raw,
        };
    }

    /// <summary>Calibrates each expert of every set with the temperature that fits the first set.</summary>
    public static RecordedSet[] Calibrated(params RecordedSet[] sets)
    {
        double[] temperatures = [.. sets[0].Experts.Select((_, e) =>
        {
            RecordedExample[] given = [.. sets[0].Examples.Where(x => x.Opinions[e] is not null)];
            return TemperatureScaling.Fit([.. given.Select(x => x.Opinions[e]!)], [.. given.Select(x => x.Label)]);
        })];
        return [.. sets.Select(set => set with
        {
            Examples = [.. set.Examples.Select(
                x => x with { Opinions = [.. x.Opinions.Select((o, e) => Calibrated(o, temperatures[e]))] })],
        })];
    }

    public static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double[]? Calibrated(double[]? opinion, double temperature)
    {
        if (opinion is null)
        {
            return null;
        }

        var calibrated = new double[opinion.Length];
        TemperatureScaling.Apply(opinion, temperature, calibrated);
        return calibrated;
    }

    private static RecordedExample Example(Random random)
    {
        var label = random.Next(Labels);
        var present = random.Next(1, 8);
        var conflicting = -1;
        if ((present & (present - 1)) != 0 && random.NextDouble() < 0.1)
        {
            do
            {
                conflicting = random.Next(3);
            }
            while ((present >> conflicting & 1) == 0);
        }

        var features = new float[3 * FeaturesPerModality];
        var opinions = new double[]?[6];
        for (var m = 0; m < 3; m++)
        {
            if ((present >> m & 1) == 0)
            {
                continue;
            }

            var kindB = random.Next(2) == 1;
            var corrupt = random.NextDouble() < 0.4;
            var shown = m == conflicting ? (label + random.Next(1, Labels)) % Labels : label;
            Describe(random, features.AsSpan(m * FeaturesPerModality, FeaturesPerModality), kindB, corrupt);
            opinions[2 * m] = Opinion(random, shown, own: !kindB, corrupt);
            opinions[2 * m + 1] = Opinion(random, shown, own: kindB, corrupt);
        }

        return new RecordedExample(features, label, opinions);
    }

    private static void Describe(Random random, Span<float> features, bool kindB, bool corrupt)
    {
        features[0] = 1;
        for (var f = 1; f < features.Length; f++)
        {
            var signal = f <= 4 ? (kindB ? 1.2 : -1.2) : f <= 8 ? (corrupt ? 1.2 : -1.2) : 0;
            features[f] = (float)(5 + 3 * (signal + Gaussian(random)));
        }
    }

    private static double[] Opinion(Random random, int shown, bool own, bool corrupt)
    {
        var strength = !own ? 0.6 : corrupt ? 3.0 : 9;
        var noise = !own ? 2.5 : corrupt ? 2.0 : 1.5;
        var logits = new double[Labels];
        for (var k = 0; k < Labels; k++)
        {
            logits[k] = noise * Gaussian(random) + (k == shown ? strength : 0);
        }

        TemperatureScaling.Apply(logits, 1, logits);
        return logits;
    }
}
