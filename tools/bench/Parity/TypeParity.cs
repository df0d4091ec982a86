using Multimodal.Inference.Media;

namespace Multimodal.Bench.Parity;

/// <summary>What one decoder path made of the files of one type, beside its reference path.</summary>
internal sealed class TypeParity
{
    private readonly List<(double Decibels, string File, bool IsAboveRounding)> _decibels = [];
    private readonly SortedSet<string> _notRead = new(StringComparer.Ordinal);

    /// <summary>Files of the type.</summary>
    public int Files { get; private set; }

    /// <summary>Files that this path says it does not read at all, and the reference takes.</summary>
    public int NotRead { get; private set; }

    /// <summary>What it says about them, each text once.</summary>
    public IReadOnlyCollection<string> NotReadReasons => _notRead;

    /// <summary>Files that this path finds damaged or too large, and the reference takes.</summary>
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

    /// <summary>Signal-to-noise ratio of the median file, in decibels.</summary>
    public double MedianDecibels => _decibels.Count == 0 ? double.NaN : _decibels.Order().ElementAt(_decibels.Count / 2).Decibels;

    /// <summary>Signal-to-noise ratio of the worst file, in decibels.</summary>
    public double WorstDecibels => _decibels.Count == 0 ? double.NaN : _decibels.Min().Decibels;

    /// <summary>The worst file whose error is above the rounding of 16-bit samples; null if there is none.</summary>
    public (double Decibels, string File)? WorstAboveRounding =>
        _decibels.Where(file => file.IsAboveRounding).Order().Select(file => ((double, string)?)(file.Decibels, file.File)).FirstOrDefault();

    public void AddFile() => Files++;

    public void AddRefused(MediaFailure failure)
    {
        if (failure.Code == MediaFailureCode.UnsupportedType)
        {
            NotRead++;
            _notRead.Add(failure.Detail);
        }
        else
        {
            Refused++;
        }
    }

    public void Add(PixelComparison pixels)
    {
        MeanPixels += (pixels.Mean - MeanPixels) / (Files - Refused - NotRead);
        LargestPixel = Math.Max(LargestPixel, pixels.Largest);
        OtherSizes += pixels.IsSameSize ? 0 : 1;
    }

    public void Add(SignalComparison signal, string file)
    {
        _decibels.Add((signal.Decibels, file, signal.Error > SignalComparison.Rounding));
        Shifted += signal.Offset == 0 ? 0 : 1;
        LargestLengthDifference = Math.Max(LargestLengthDifference, Math.Abs(signal.Longer));
    }

    public void AddOpinions(IReadOnlyDictionary<string, string?> reference, IReadOnlyDictionary<string, string?> actual)
    {
        Opinions += reference.Count;
        Changed += reference.Count(opinion => actual[opinion.Key] != opinion.Value);
    }
}
