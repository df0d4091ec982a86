using System.ComponentModel.DataAnnotations;

namespace Multimodal.Inference.Sessions;

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
