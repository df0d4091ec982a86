using Multimodal.Tool.Common;

namespace Multimodal.Bench.Parity;

/// <summary>This build's default paths beside those of an earlier build, file by file.</summary>
/// <param name="previous">What the earlier build made; empty if there is none to compare with.</param>
/// <param name="record">Where to write what this build makes, or null.</param>
/// <param name="rate">Sample rate of the audio experts, in hertz.</param>
internal sealed class BuildComparison(IReadOnlyDictionary<(string Id, string Path), PreviousFile> previous, FileInfo? record, int rate)
{
    private readonly List<string> _lines = [];
    private readonly Dictionary<string, (int Files, int Different, int Opinions, int Changed)> _paths = new(StringComparer.Ordinal);

    /// <summary>Takes in one file.</summary>
    public void Add(ParityFile file, byte[] bytes, DecoderPath path, IReadOnlyDictionary<string, string?> labels)
    {
        if (record is null && previous.Count == 0)
        {
            return;
        }

        var now = new PreviousFile(file.Id, path.Name, Decoding.Digest(file, bytes, path.Media, [rate, 16_000]), new Dictionary<string, string?>(labels));
        _lines.Add(now.ToLine());
        if (previous.TryGetValue((file.Id, path.Name), out var before))
        {
            var (files, different, opinions, changed) = _paths.GetValueOrDefault(path.Name);
            _paths[path.Name] = (
                files + 1,
                different + (now.Digest == before.Digest ? 0 : 1),
                opinions + labels.Count,
                changed + labels.Count(label => before.Opinions.GetValueOrDefault(label.Key) != label.Value));
        }
    }

    /// <summary>Writes the record, and gives the figures of the comparison.</summary>
    /// <exception cref="InvalidDataException">The earlier build judged none of these files.</exception>
    public IEnumerable<WantedFigure> Finish()
    {
        if (record is not null)
        {
            File.WriteAllLines(record.FullName, _lines);
        }

        if (previous.Count > 0 && _paths.Count == 0)
        {
            throw new InvalidDataException("The file of --previous names none of these files. Record it on the same set.");
        }

        foreach (var (path, (files, different, opinions, changed)) in _paths)
        {
            Terminal.Line($"{path} beside the earlier build: {different} of {files} files decode otherwise, {changed} of {opinions} opinions changed");
            yield return WantedFigure.AtMost($"{path}: files that decode otherwise than in the earlier build", different, 0);
        }
    }
}
