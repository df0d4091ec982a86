using System.Text.Json;

namespace Multimodal.Inference.Audio;

/// <summary>How to find the part of the sound that matters.</summary>
internal enum WaveformTrim
{
    /// <summary>The window starts with the file.</summary>
    None,

    /// <summary>The window is centred on the loudest run of sound.</summary>
    Energy,
}

/// <summary>How to set the level.</summary>
internal enum WaveformNormalise
{
    /// <summary>As it came.</summary>
    None,

    /// <summary>RMS 0.1 over the active part.</summary>
    Rms,

    /// <summary>Largest magnitude 1 in the active part.</summary>
    Peak,
}

/// <summary>The <c>preprocessing</c> object of kind <c>waveform</c>.</summary>
/// <param name="SampleRate">Samples per second, 4,000 to 48,000.</param>
/// <param name="Seconds">Length of the window, 0.05 to 30.</param>
/// <param name="Trim"><c>trim</c>: <c>energy</c> or <c>none</c>; default energy.</param>
/// <param name="Normalise"><c>normalise</c>: <c>rms</c>, <c>peak</c> or <c>none</c>; default rms.</param>
internal sealed record WaveformOptions(int SampleRate, double Seconds, WaveformTrim Trim, WaveformNormalise Normalise)
{
    /// <summary>Samples in the window.</summary>
    public int Width => (int)Math.Round(Seconds * SampleRate);

    /// <summary>Reads the object strictly: every missing, unknown or wrong key is reported. Null when any was.</summary>
    public static WaveformOptions? Read(JsonElement options, Action<string, string> problem)
    {
        var good = true;
        double? rate = null, seconds = null;
        var (trim, normalise) = (WaveformTrim.Energy, WaveformNormalise.Rms);
        foreach (var property in options.EnumerateObject())
        {
            var value = property.Value;
            switch (property.Name)
            {
                case "kind":
                    break;
                case "sampleRate":
                    rate = Number(value, 4_000, 48_000);
                    Check(rate is not null && rate == Math.Floor(rate.Value), "a whole number from 4000 to 48000");
                    break;
                case "seconds":
                    seconds = Number(value, 0.05, 30);
                    Check(seconds is not null, "a number from 0.05 to 30");
                    break;
                case "trim":
                    Check(TryName(value, out trim), "\"energy\" or \"none\"");
                    break;
                case "normalise":
                    Check(TryName(value, out normalise), "\"rms\", \"peak\" or \"none\"");
                    break;
                default:
                    good = false;
                    problem(property.Name, "is unknown; kind, sampleRate, seconds, trim and normalise are taken.");
                    break;
            }

            void Check(bool right, string wanted)
            {
                if (!right)
                {
                    good = false;
                    problem(property.Name, $"must be {wanted}.");
                }
            }
        }

        Require("sampleRate", rate);
        Require("seconds", seconds);
        return good ? new WaveformOptions((int)rate!.Value, seconds!.Value, trim, normalise) : null;

        void Require(string key, double? value)
        {
            if (value is null && !options.TryGetProperty(key, out _))
            {
                good = false;
                problem(key, "is missing.");
            }
        }
    }

    private static double? Number(JsonElement value, double least, double most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? number : null;

    private static bool TryName<T>(JsonElement value, out T name)
        where T : struct, Enum
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (candidate.ToString().Equals(text, StringComparison.OrdinalIgnoreCase) && !text.Any(char.IsUpper))
            {
                name = candidate;
                return true;
            }
        }

        name = default;
        return false;
    }
}
