using Multimodal.Inference.Media;

namespace Multimodal.Bench.Parity;

/// <summary>Results of one decoder path for the files of one type, compared with its reference path.</summary>
internal sealed class TypeParity
{
    private readonly List<(double Decibels, string File, bool IsAboveRounding)> _decibels = [];
    private readonly SortedSet<string> _notRead = new(StringComparer.Ordinal);

    /// <summary>Files of the type.</summary>
    public int Files { get; private set; }

    /// <summary>Files that the reference decodes and this path rejects as unsupported.</summary>
    public int NotRead { get; private set; }

    /// <summary>Distinct reasons of those rejections.</summary>
    public IReadOnlyCollection<string> NotReadReasons => _notRead;

    /// <summary>Files that the reference decodes and this path rejects as damaged or too large.</summary>
    public int Refused { get; private set; }

    /// <summary>Mean of the files' mean pixel differences.</summary>
    public double MeanPixels { get; private set; }

    /// <summary>Largest difference of one channel of one pixel.</summary>
    public int LargestPixel { get; private set; }

    /// <summary>Images of a different size.</summary>
    public int OtherSizes { get; private set; }

    /// <summary>Files with a time offset.</summary>
    public int Shifted { get; private set; }

    /// <summary>Largest difference in length, in samples.</summary>
    public int LargestLengthDifference { get; private set; }

    /// <summary>Opinions of all experts on the reference path.</summary>
    public int Opinions { get; private set; }

    /// <summary>Opinions with a different label, or that only one path has.</summary>
    public int Changed { get; private set; }

    /// <summary>Signal-to-noise ratio of the median file, in decibels.</summary>
    public double MedianDecibels => _decibels.Count == 0 ? double.NaN : _decibels.Order().ElementAt(_decibels.Count / 2).Decibels;

    /// <summary>Signal-to-noise ratio of the worst file, in decibels.</summary>
    public double WorstDecibels => _decibels.Count == 0 ? double.NaN : _decibels.Min().Decibels;

    /// <summary>The worst file whose error exceeds 16-bit rounding; null if there is none.</summary>
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
