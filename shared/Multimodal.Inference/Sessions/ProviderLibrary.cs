using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Multimodal.Inference.Sessions;

/// <summary>
/// A plug-in execution provider: a shared library that brings devices to ONNX Runtime. ONNX Runtime keeps one environment
/// per process, so what is registered is remembered per process too.
/// </summary>
internal static class ProviderLibrary
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, IReadOnlyList<OrtEpDevice>> Registered = new(StringComparer.Ordinal);

    /// <summary>File name of a provider's library on this system.</summary>
    public static string FileName(ExecutionProvider provider)
    {
        var stem = "onnxruntime_providers_" + provider.ToString().ToLowerInvariant();
        return OperatingSystem.IsWindows() ? stem + ".dll" : $"lib{stem}.so";
    }

    /// <summary>Registers the library, once per process, and finds the GPU.</summary>
    /// <param name="provider">CUDA or TensorRT.</param>
    /// <param name="options">The folder and the device id.</param>
    /// <param name="device">The device, on true.</param>
    /// <param name="failure">Why there is none, on false.</param>
    public static bool TryGetDevice(
        ExecutionProvider provider,
        ExecutionOptions options,
        [NotNullWhen(true)] out OrtEpDevice? device,
        [NotNullWhen(false)] out ProviderFailure? failure)
    {
        device = null;
        var path = Path.GetFullPath(Path.Combine(options.ProviderFolder ?? AppContext.BaseDirectory, FileName(provider)));
        if (!File.Exists(path))
        {
            failure = new ProviderFailure(true, $"{FileName(provider)} is not in {Path.GetDirectoryName(path)}.");
            return false;
        }

        try
        {
            var devices = Register(path);
            device = devices.FirstOrDefault(candidate => DeviceId(candidate) == options.DeviceId)
                ?? (devices.All(candidate => DeviceId(candidate) is null) ? devices.ElementAtOrDefault(options.DeviceId) : null);
            failure = device is null ? new ProviderFailure(false, $"{path} found {devices.Count} GPU(s), none with id {options.DeviceId}.") : null;
            return device is not null;
        }
        catch (OnnxRuntimeException exception)
        {
            failure = new ProviderFailure(false, $"{path} does not load: {exception.Message.TrimEnd('.')}.");
            return false;
        }
    }

    private static IReadOnlyList<OrtEpDevice> Register(string path)
    {
        lock (Gate)
        {
            if (!Registered.TryGetValue(path, out var devices))
            {
                // The names that a library gives its provider have changed between versions; what is new is what it brought.
                var env = OrtEnv.Instance();
                var before = env.GetEpDevices().Select(known => known.EpName).ToHashSet(StringComparer.Ordinal);
                env.RegisterExecutionProviderLibrary(Path.GetFileNameWithoutExtension(path), path);
                devices = env.GetEpDevices()
                    .Where(brought => !before.Contains(brought.EpName) && brought.HardwareDevice.Type == OrtHardwareDeviceType.GPU)
                    .ToArray();
                Registered.Add(path, devices);
            }

            return devices;
        }
    }

    private static int? DeviceId(OrtEpDevice device)
    {
        var options = device.EpOptions.Entries;
        return options.TryGetValue("device_id", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }
}

/// <summary>Why a provider cannot be had.</summary>
/// <param name="IsAbsent">True when its library is simply not installed.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record ProviderFailure(bool IsAbsent, string Reason);
