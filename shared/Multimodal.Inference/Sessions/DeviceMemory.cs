using Microsoft.ML.OnnxRuntime;

namespace Multimodal.Inference.Sessions;

/// <summary>Distinguishes memory exhaustion from other failures of a run.</summary>
internal static class DeviceMemory
{
    // ONNX Runtime has no error code for it. These texts come from its arena, CUDA, cuBLAS, cuDNN and the C++ library.
    private static readonly string[] Messages =
    [
        "Failed to allocate memory",
        "out of memory",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_ALLOC_FAILED",
        "Available memory of",
        "bad_alloc",
        "bad allocation",
    ];

    /// <summary>Whether a run failed because the device has no memory left.</summary>
    public static bool IsExhausted(Exception exception) =>
        exception is OutOfMemoryException
        || (exception is OnnxRuntimeException
            && Array.Exists(Messages, text => exception.Message.Contains(text, StringComparison.OrdinalIgnoreCase)));
}
