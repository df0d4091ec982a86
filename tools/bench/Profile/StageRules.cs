namespace Multimodal.Bench.Profile;

/// <summary>Attributes a stack to a stage of a request, by the innermost frame that belongs to one.</summary>
internal static class StageRules
{
    /// <summary>The stage of frames that belong to no other.</summary>
    public const string Other = "other";

    /// <summary>The stages in the order of a request. A frame belongs to the first rule whose prefix it has.</summary>
    private static readonly (string Prefix, string Stage)[] Rules =
    [
        ("Multimodal.Inference.Vision.Decoding.ImageInspector", "inspect"),
        ("Multimodal.Inference.Audio.Decoding.AudioInspector", "inspect"),
        ("Multimodal.Inference.Vision.Decoding", "decode"),
        ("Multimodal.Inference.Vision.Backends", "decode"),
        ("Multimodal.Inference.Audio.Decoding", "decode"),
        ("Multimodal.Inference.Audio.Backends", "decode"),
        ("Multimodal.Inference.Vision.Glyphs", "glyph search"),
        ("Multimodal.Inference.Vision.Filters", "glyph search"),
        ("Multimodal.Inference.Vision.Features", "features"),
        ("Multimodal.Inference.Audio.Features", "features"),
        ("Multimodal.Inference.Text.Features", "features"),
        ("Multimodal.Inference.Features", "features"),
        ("Multimodal.Inference.Sessions", "model"),
        ("Microsoft.ML.OnnxRuntime", "model"),
        ("Multimodal.Inference", "preprocess"),
        ("Multimodal.Pipeline.Gateway.Planning", "gate"),
        ("Multimodal.Learning.Gating", "gate"),
        ("Multimodal.Learning.Selection", "gate"),
        ("Multimodal.Pipeline.Gateway.Store", "store"),
        ("Multimodal.Pipeline.Messaging", "messages"),
        ("Multimodal.Pipeline.Combiner", "fuse"),
        ("Multimodal.Learning", "fuse"),
        ("Multimodal.Pipeline.Gateway.Answers", "write"),
        ("Multimodal.Pipeline.Gateway", "read"),
        ("Multimodal.Pipeline.Experts", "messages"),
        ("Multimodal.Pipeline.Telemetry", "telemetry"),
        ("Microsoft.Extensions.Logging", "telemetry"),
        ("OpenTelemetry", "telemetry"),
        ("Microsoft.AspNetCore", "web server"),
        ("System.Net.Sockets", "web server"),
    ];

    /// <summary>Frames of a thread that waits and uses no processor time.</summary>
    private static readonly string[] Waits =
    [
        "System.Threading.WaitHandle.", "System.Threading.Monitor.Wait", "System.Threading.Monitor.ObjWait", "System.Threading.Thread.Sleep",
        "System.Threading.LowLevelLifoSemaphore.", "System.Threading.Thread.Join", "System.Threading.PortableThreadPool+GateThread",
        "System.Threading.Condition.Wait", "System.Threading.LowLevelMonitor.Wait", "Interop+Sys.WaitForSocketEvents", "Interop+Sys.ReadSigEvents",
        "System.Threading.LowLevelLock.", "Interop+Sys.Read(", "System.Threading.PortableThreadPool+WorkerThread.WorkerThreadStart", "System.Threading.ManualResetEventSlim.Wait",
    ];

    /// <summary>The stages in the order of the table.</summary>
    public static IReadOnlyList<string> Stages { get; } =
    [
        "web server", "read", "inspect", "decode", "glyph search", "features", "gate", "store", "messages", "preprocess", "model", "fuse", "write", "telemetry", Other,
    ];

    /// <summary>Whether the thread waits.</summary>
    /// <param name="frames">Full names of the methods, innermost first.</param>
    public static bool IsWaiting(IReadOnlyList<string> frames) =>
        frames.Take(4).Any(frame => Waits.Any(wait => frame.StartsWith(wait, StringComparison.Ordinal)));

    /// <summary>Returns the stage.</summary>
    /// <param name="frames">Full names of the methods, innermost first.</param>
    public static string StageOf(IEnumerable<string> frames)
    {
        foreach (var frame in frames)
        {
            foreach (var (prefix, stage) in Rules)
            {
                if (frame.StartsWith(prefix, StringComparison.Ordinal))
                {
                    return stage;
                }
            }
        }

        return Other;
    }
}
