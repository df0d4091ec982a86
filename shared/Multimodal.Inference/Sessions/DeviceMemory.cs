using Microsoft.ML.OnnxRuntime;

namespace Multimodal.Inference.Sessions;

/// <summary>Tells a device without memory from other failures of a run.</summary>
internal static class DeviceMemory
{
    // ONNX Runtime has no error code for it; these are what its arena, CUDA, cuBLAS, cuDNN and the C++ library say.
    private static readonly string[] Signs =
    [
        "Failed to allocate memory",
        "out of memory",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_ALLOC_FAILED",
        "Available memory of",
        "bad_alloc",
        "bad allocation",
    ];

    /// <summary>Whether the run failed for want of memory.</summary>
    public static bool IsExhausted(Exception exception) =>
        exception is OutOfMemoryException
        || (exception is OnnxRuntimeException && Array.Exists(Signs, sign => exception.Message.Contains(sign, StringComparison.OrdinalIgnoreCase)));
}
