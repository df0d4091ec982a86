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
        "Install the provider libraries (npm install com.github.asus4.onnxruntime.linux-x64-gpu in the version of com.github.asus4.onnxruntime), "
        + "CUDA 13 and cuDNN 9 on the host (TensorRT 10 too for tensorrt), and name the libraries' folder in Execution:ProviderFolder; or set Execution:Provider to cpu.";

    /// <summary>The expert's name.</summary>
    public string Expert { get; }

    /// <summary>What was demanded.</summary>
    public ExecutionProvider Provider { get; }

    /// <summary>What is missing.</summary>
    public string Reason { get; }

    private static string Name(ExecutionProvider provider) => provider.ToString().ToLowerInvariant();
}
