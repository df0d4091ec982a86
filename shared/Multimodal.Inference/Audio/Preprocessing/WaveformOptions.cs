using System.Text.Json;
using Multimodal.Inference.Manifests;

namespace Multimodal.Inference.Audio.Preprocessing;

/// <summary>The <c>preprocessing</c> object of kind <c>waveform</c>.</summary>
/// <param name="SampleRate"><c>sampleRate</c>: sample rate in hertz, 4,000 to 48,000.</param>
/// <param name="Seconds"><c>seconds</c>: length of the window, 0.05 to 30 seconds.</param>
/// <param name="Trim"><c>trim</c>: <c>energy</c> or <c>none</c>; default energy.</param>
/// <param name="Normalise"><c>normalise</c>: <c>rms</c>, <c>peak</c> or <c>none</c>; default rms.</param>
internal sealed record WaveformOptions(int SampleRate, double Seconds, WaveformTrim Trim, WaveformNormalization Normalise)
{
    private static readonly Dictionary<string, WaveformTrim> Trims = new()
    {
        ["energy"] = WaveformTrim.Energy,
        ["none"] = WaveformTrim.None,
    };

    private static readonly Dictionary<string, WaveformNormalization> Normalizations = new()
    {
        ["rms"] = WaveformNormalization.Rms,
        ["peak"] = WaveformNormalization.Peak,
        ["none"] = WaveformNormalization.None,
    };

    /// <summary>Length of the window in samples.</summary>
    public int Width => (int)Math.Round(Seconds * SampleRate);

    /// <summary>Reads the options.</summary>
    /// <returns>Null if an error was reported to <paramref name="problem"/>.</returns>
    public static WaveformOptions? Read(JsonElement options, Action<string, string> problem)
    {
        var fields = new JsonObjectReader(options, problem);
        fields.Has("kind");
        var rate = fields.Integer("sampleRate", 4_000, 48_000);
        var seconds = fields.Number("seconds", 0.05, 30);
        var trim = fields.OneOf("trim", Trims.Keys, fallback: "energy");
        var normalise = fields.OneOf("normalise", Normalizations.Keys, fallback: "rms");
        return fields.Close()
            ? new WaveformOptions(rate!.Value, seconds!.Value, Trims[trim!], Normalizations[normalise!])
            : null;
    }
}
