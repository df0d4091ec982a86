using System.ComponentModel.DataAnnotations;

namespace Multimodal.Inference.Sessions;

/// <summary>The device and the threads of one expert's model.</summary>
public sealed class ExecutionOptions
{
    /// <summary>The device that runs the model: auto, cpu, cuda or tensorrt.</summary>
    /// <value>Default auto.</value>
    [EnumDataType(typeof(ExecutionProvider))]
    public ExecutionProvider Provider { get; set; } = ExecutionProvider.Auto;

    /// <summary>The index of the GPU, in CUDA's numbering.</summary>
    /// <value>0 to 63; default 0.</value>
    [Range(0, 63)]
    public int DeviceId { get; set; }

    /// <summary>Largest GPU memory arena of the model, in MiB. Null sets no limit.</summary>
    /// <value>16 to 1,048,576; default null.</value>
    [Range(16, 1_048_576)]
    public int? GpuMemoryLimitMb { get; set; }

    /// <summary>
    /// CPU threads in one run; 0 means one per core. The expert uses at most this number times <c>Concurrency</c> threads.
    /// </summary>
    /// <value>0 to 256; default 1.</value>
    [Range(0, 256)]
    public int IntraOpThreads { get; set; } = 1;

    /// <summary>
    /// Number of ONNX Runtime sessions on the device, each with its own threads or GPU stream and its own copy of the weights. At most
    /// <c>Concurrency</c> of them work at a time. On the CPU, concurrent runs of one session share the weights, so use more only for GPUs.
    /// </summary>
    /// <value>1 to 16; default 1.</value>
    [Range(1, 16)]
    public int Sessions { get; set; } = 1;
}
