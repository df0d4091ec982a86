using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Multimodal.Contracts.Values;

namespace Multimodal.Bench.Parity;

/// <summary>Cost of decoding the files of one type, measured in a separate process.</summary>
/// <param name="Milliseconds">Processor time per file.</param>
/// <param name="PeakMegabytes">Peak resident memory of the process, including the runtime.</param>
internal sealed record DecodeCost(double Milliseconds, double PeakMegabytes)
{
    /// <summary>Starts <c>bench parity-cost</c> and parses its output.</summary>
    public static async Task<DecodeCost> MeasureAsync(FileInfo set, DecoderPath path, string type, int rate, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string[] arguments = [typeof(DecodeCost).Assembly.Location, "parity-cost", "--data", set.FullName, "--path", path.Name, "--type", type, "--rate", rate.ToString(CultureInfo.InvariantCulture)];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 && JsonSerializer.Deserialize<DecodeCost>(output) is { } cost
            ? cost
            : throw new InvalidOperationException($"parity-cost {path.Name} {type} exited with {process.ExitCode}: {output}");
    }

    /// <summary>
    /// Decodes the files of one type in this process: images at the experts' edge, sounds at <paramref name="rate"/> hertz.
    /// </summary>
    public static DecodeCost Measure(IReadOnlyList<ParityFile> files, DecoderPath path, int rate)
    {
        // The same number of decodings for every type, so that JIT compilation has the same weight.
        const int Decodings = 120;
        var bytes = files.Select(file => File.ReadAllBytes(file.Path)).ToArray();
        var decodings = files[0].IsForSpeed ? Decodings / 10 : Decodings;
        for (var i = 0; i < decodings / 4; i++)
        {
            Decode(bytes[i % bytes.Length]);
        }

        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        for (var i = 0; i < decodings; i++)
        {
            Decode(bytes[i % bytes.Length]);
        }

        process.Refresh();
        return new DecodeCost((process.TotalProcessorTime - before).TotalMilliseconds / decodings, process.PeakWorkingSet64 / 1e6);

        void Decode(byte[] file)
        {
            if (path.Modality == Modality.Image)
            {
                _ = Decoding.Image(file, path.Media, out _);
            }
            else
            {
                _ = Decoding.Sound(file, path.Media, rate, out _);
            }
        }
    }

    /// <summary>For example "1.23 ms, 80 MB".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds:0.00} ms, {PeakMegabytes:0} MB");
}
