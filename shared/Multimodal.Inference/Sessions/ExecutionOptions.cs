using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

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

/// <summary>Where and how one expert's model runs.</summary>
public sealed class ExecutionOptions
{
    /// <summary>What runs the model: auto, cpu, cuda or tensorrt.</summary>
    /// <value>Default auto.</value>
    [EnumDataType(typeof(ExecutionProvider))]
    public ExecutionProvider Provider { get; set; } = ExecutionProvider.Auto;

    /// <summary>Which GPU, counted from 0 as CUDA counts them.</summary>
    /// <value>0 to 63; default 0.</value>
    [Range(0, 63)]
    public int DeviceId { get; set; }

    /// <summary>GPU memory that the model's arena may take, in MiB; null means all there is.</summary>
    /// <value>16 to 1,048,576; default null.</value>
    [Range(16, 1_048_576)]
    public int? GpuMemoryLimitMb { get; set; }

    /// <summary>CPU threads inside one run; 0 means one per core. Cores busy at most: this times the batching concurrency.</summary>
    /// <value>0 to 256; default 1.</value>
    [Range(0, 256)]
    public int IntraOpThreads { get; set; } = 1;
}

/// <summary>Checks the ranges; generated, so that nothing is reflected at run time.</summary>
[OptionsValidator]
public sealed partial class ExecutionOptionsValidator : IValidateOptions<ExecutionOptions>;
