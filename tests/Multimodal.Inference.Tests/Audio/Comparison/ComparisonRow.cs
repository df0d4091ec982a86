using static System.FormattableString;

namespace Multimodal.Inference.Tests.Audio.Comparison;

/// <summary>How one decoder treated the files of one class.</summary>
internal sealed class ComparisonRow
{
    private int _decoded;
    private int _refused;
    private double _worstSeconds;
    private double _worstLevel;

    /// <summary>The head of the table.</summary>
    public const string Head = """
        | class | files | decoded alike | refused, named | wrong | worst duration, ms | worst level, dB |
        |---|---|---|---|---|---|---|
        """;

    /// <summary>The files that are neither decoded alike nor refused as they must be, each with the reason.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>Counts a file that is decoded.</summary>
    public void Decoded(string name, double seconds, double level)
    {
        if (Math.Abs(seconds) > 0.050 || Math.Abs(level) > 1)
        {
            Wrong.Add(Invariant($"{name}: duration off by {1000 * seconds:0} ms, level by {level:0.0} dB"));
            return;
        }

        _decoded++;
        (_worstSeconds, _worstLevel) = (Math.Max(_worstSeconds, Math.Abs(seconds)), Math.Max(_worstLevel, Math.Abs(level)));
    }

    /// <summary>Counts a file that is refused.</summary>
    public void Refused(ComparisonFile file, string detail, bool mayRefuse)
    {
        var isHelpful = detail.Contains(file.Format, StringComparison.Ordinal)
            && (detail.Contains("Convert", StringComparison.Ordinal) || detail.Contains("Send", StringComparison.Ordinal));
        if (mayRefuse && isHelpful)
        {
            _refused++;
        }
        else
        {
            Wrong.Add($"{file.Name}: refused: {detail}");
        }
    }

    /// <summary>The line of the table.</summary>
    public string Line(string title)
    {
        var files = _decoded + _refused + Wrong.Count;
        return Invariant(
            $"| {title} | {files} | {_decoded} | {_refused} | {Wrong.Count} | {1000 * _worstSeconds:0} | {_worstLevel:0.00} |");
    }
}
