using Multimodal.Contracts.Values;
using Multimodal.Inference.Packages;

namespace Multimodal.Bench.Parity;

/// <summary>Runs the files of one medium through a reference path and another path.</summary>
/// <param name="reference">The reference path.</param>
/// <param name="other">The path under test.</param>
/// <param name="rate">Sample rate of the audio experts, in hertz.</param>
internal sealed class PathComparison(DecoderPath reference, DecoderPath other, int rate)
{
    // Encoder delays of MP3 and Opus at 8 kHz are below this.
    private const int OffsetReach = 400;
    private readonly Dictionary<string, TypeParity> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (int Judged, int Reference, int Other)> _right = new(StringComparer.Ordinal);

    /// <summary>The reference path.</summary>
    public DecoderPath Reference => reference;

    /// <summary>The path under test.</summary>
    public DecoderPath Other => other;

    /// <summary>Sample rate of the audio experts, in hertz.</summary>
    public int Rate => rate;

    /// <summary>Figures by file type, in order of appearance.</summary>
    public IReadOnlyDictionary<string, TypeParity> Types => _types;

    /// <summary>By expert: files answered on both paths, and the number of correct answers on each.</summary>
    public IReadOnlyDictionary<string, (int Judged, int Reference, int Other)> Right => _right;

    /// <summary>Decodes every file and runs the experts on both paths.</summary>
    /// <param name="ensemble">The ensemble with the experts.</param>
    /// <param name="files">Files of the paths' medium.</param>
    /// <param name="judged">Called after each file with the reference path's opinions.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public async Task RunAsync(
        EnsemblePackage ensemble,
        IReadOnlyList<ParityFile> files,
        Action<ParityFile, byte[], IReadOnlyDictionary<string, string?>> judged,
        CancellationToken cancellationToken)
    {
        await using var expected = await PathOpinions.OpenAsync(ensemble, reference, cancellationToken);
        await using var actual = await PathOpinions.OpenAsync(ensemble, other, cancellationToken);
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file.Path, cancellationToken);
            var labels = await expected.AskAsync(bytes, cancellationToken);
            judged(file, bytes, labels);
            var type = _types.TryGetValue(file.Type, out var known) ? known : _types[file.Type] = new TypeParity();
            if (!TryCompare(file, bytes, type))
            {
                continue;
            }

            var others = await actual.AskAsync(bytes, cancellationToken);
            type.AddOpinions(labels, others);
            foreach (var (expert, label) in labels)
            {
                var (count, right, rightToo) = _right.GetValueOrDefault(expert);
                _right[expert] = (count + 1, right + (label == file.Label ? 1 : 0), rightToo + (others[expert] == file.Label ? 1 : 0));
            }
        }
    }

    /// <summary>False if either path rejects the file.</summary>
    private bool TryCompare(ParityFile file, byte[] bytes, TypeParity type)
    {
        if (file.Modality == Modality.Image)
        {
            // libvips has no BMP loader, so there is no reference.
            if (Decoding.Image(bytes, reference.Media, out _) is not { } expected)
            {
                return false;
            }

            type.AddFile();
            if (Decoding.Image(bytes, other.Media, out var refusal) is not { } actual)
            {
                type.AddRefused(refusal!);
                return false;
            }

            type.Add(PixelComparison.Of(expected, actual));
            return true;
        }

        if (Decoding.Sound(bytes, reference.Media, rate, out _) is not { } signal)
        {
            return false;
        }

        type.AddFile();
        if (Decoding.Sound(bytes, other.Media, rate, out var failure) is not { } sound)
        {
            type.AddRefused(failure!);
            return false;
        }

        type.Add(SignalComparison.Of(signal, sound, OffsetReach), Path.GetFileName(file.Path));
        return true;
    }

    /// <summary>The sample rate of an ensemble's audio experts, which must all use the same.</summary>
    /// <exception cref="InvalidDataException">The rates differ, or there is no audio expert.</exception>
    public static int RateOf(EnsemblePackage ensemble)
    {
        var rates = ensemble.Experts.Where(expert => expert.Package.Modality == Modality.Audio)
            .Select(expert => expert.Package.Preprocessing.TryGetProperty("sampleRate", out var rate) ? rate.GetInt32() : 0).Distinct().ToArray();
        return rates is [> 0] ? rates[0] : throw new InvalidDataException(
            $"The audio experts of {ensemble.Name} use the sample rates {string.Join(", ", rates)}; parity requires a single rate.");
    }
}
