namespace Multimodal.Tool.Parity;

/// <summary>What one decoder path made of the files of one type, beside its reference path.</summary>
internal sealed class TypeParity
{
    private readonly List<double> _decibels = [];

    /// <summary>Files of the type.</summary>
    public int Files { get; private set; }

    /// <summary>Files that this path refuses and the reference takes.</summary>
    public int Refused { get; private set; }

    /// <summary>Mean of the files' mean pixel differences.</summary>
    public double MeanPixels { get; private set; }

    /// <summary>Largest difference of one channel of one pixel.</summary>
    public int LargestPixel { get; private set; }

    /// <summary>Images of another size.</summary>
    public int OtherSizes { get; private set; }

    /// <summary>Files that start at another moment.</summary>
    public int Shifted { get; private set; }

    /// <summary>Largest difference in length, in samples.</summary>
    public int LargestLengthDifference { get; private set; }

    /// <summary>Opinions given on the reference path, of all experts.</summary>
    public int Opinions { get; private set; }

    /// <summary>Opinions whose label is another one, or that one path has and the other lacks.</summary>
    public int Changed { get; private set; }

    /// <summary>Signal-to-noise ratio in decibels: the median file and the worst.</summary>
    public (double Median, double Worst) Decibels
    {
        get
        {
            var sorted = _decibels.Order().ToArray();
            return sorted.Length == 0 ? (double.NaN, double.NaN) : (sorted[sorted.Length / 2], sorted[0]);
        }
    }

    public void AddFile() => Files++;

    public void AddRefused() => Refused++;

    public void Add(PixelComparison pixels)
    {
        MeanPixels += (pixels.Mean - MeanPixels) / (Files - Refused);
        LargestPixel = Math.Max(LargestPixel, pixels.Largest);
        OtherSizes += pixels.IsSameSize ? 0 : 1;
    }

    public void Add(SignalComparison signal)
    {
        _decibels.Add(signal.Decibels);
        Shifted += signal.Offset == 0 ? 0 : 1;
        LargestLengthDifference = Math.Max(LargestLengthDifference, Math.Abs(signal.Longer));
    }

    public void AddOpinions(IReadOnlyDictionary<string, string?> reference, IReadOnlyDictionary<string, string?> actual)
    {
        Opinions += reference.Count;
        Changed += reference.Count(opinion => actual[opinion.Key] != opinion.Value);
    }
}
