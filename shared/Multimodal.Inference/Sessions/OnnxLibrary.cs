using Microsoft.ML.OnnxRuntime;

namespace Multimodal.Inference.Sessions;

/// <summary>The native library of ONNX Runtime.</summary>
public static class OnnxLibrary
{
    /// <summary>
    /// Loads the library in the background, so that the process starts its other parts meanwhile. If it cannot be loaded, the first model reports
    /// the error.
    /// </summary>
    public static void Preload() => _ = Task.Run(static () =>
    {
        try
        {
            OrtEnv.Instance();
        }
        catch (Exception exception) when (exception is TypeInitializationException or DllNotFoundException or OnnxRuntimeException)
        {
        }
    });
}
