namespace Multimodal.Inference.Sessions;

/// <summary>What runs a model.</summary>
public enum ExecutionProvider
{
    /// <summary>CUDA if this build has it and the model loads with it, else the CPU with a log line. TensorRT is never chosen by itself.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU through CUDA; failing to get it is a failure at start.</summary>
    Cuda,

    /// <summary>An NVIDIA GPU through TensorRT, with CUDA for what TensorRT leaves; failing to get it is a failure at start.</summary>
    TensorRt,
}
