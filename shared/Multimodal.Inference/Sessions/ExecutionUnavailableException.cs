namespace Multimodal.Inference.Sessions;

/// <summary>The configuration demands a device that this machine cannot give. The message names what is missing and what to set.</summary>
public sealed class ExecutionUnavailableException : Exception
{
    /// <summary>Says which expert wanted what, and why it cannot be had.</summary>
    /// <param name="expert">The expert's name.</param>
    /// <param name="provider">What was demanded.</param>
    /// <param name="reason">What is missing, one sentence.</param>
    public ExecutionUnavailableException(string expert, ExecutionProvider provider, string reason)
        : base($"Expert '{expert}' demands {Name(provider)} and cannot have it: {reason} {Remedy}")
        => (Expert, Provider, Reason) = (expert, provider, reason);

    /// <summary>What an operator can do about a missing GPU.</summary>
    internal const string Remedy =
        "Build the service with -p:OnnxRuntime=cuda (linux-x64 or win-x64) and install the NVIDIA driver, CUDA 13 and cuDNN 9 on the host "
        + "(TensorRT 10 too for tensorrt); or set Execution:Provider to cpu.";

    /// <summary>The expert's name.</summary>
    public string Expert { get; }

    /// <summary>What was demanded.</summary>
    public ExecutionProvider Provider { get; }

    /// <summary>What is missing.</summary>
    public string Reason { get; }

    private static string Name(ExecutionProvider provider) => provider.ToString().ToLowerInvariant();
}
