namespace Multimodal.Inference.Sessions;

/// <summary>The device that runs a model.</summary>
public enum ExecutionProvider
{
    /// <summary>CUDA if this build contains it and the model loads with it, else the CPU and a log line. Never TensorRT.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through CUDA. The service does not start if the GPU is unavailable.</summary>
    Cuda,

    /// <summary>
    /// An NVIDIA GPU through TensorRT, and CUDA for nodes that TensorRT does not support. The service does not start if the GPU is
    /// unavailable.
    /// </summary>
    TensorRt,
}
