using Multimodal.Tool.Common;

namespace Multimodal.Bench.Parity;

/// <summary>Compares this build's default paths with those of an earlier build, file by file.</summary>
/// <param name="previous">Results of the earlier build; empty if there is none.</param>
/// <param name="record">File for the results of this build, or null.</param>
/// <param name="rate">Sample rate of the audio experts, in hertz.</param>
internal sealed class BuildComparison(IReadOnlyDictionary<(string Id, string Path), PreviousFile> previous, FileInfo? record, int rate)
{
    private readonly List<string> _lines = [];
    private readonly Dictionary<string, (int Files, int Different, int Opinions, int Changed)> _paths = new(StringComparer.Ordinal);

    /// <summary>Adds one file.</summary>
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

    /// <summary>Writes the record and returns the figures of the comparison.</summary>
    /// <exception cref="InvalidDataException">The earlier build has results for none of these files.</exception>
    public IEnumerable<Target> Finish()
    {
        if (record is not null)
        {
            File.WriteAllLines(record.FullName, _lines);
        }

        if (previous.Count > 0 && _paths.Count == 0)
        {
            throw new InvalidDataException("The file of --previous contains none of these files. Record it again on the same set.");
        }

        foreach (var (path, (files, different, opinions, changed)) in _paths)
        {
            Terminal.Line(
                $"{path} against the earlier build: {different} of {files} files decode differently, {changed} of {opinions} opinions changed");
            yield return Target.AtMost($"{path}: files that decode differently from the earlier build", different, 0);
        }
    }
}
