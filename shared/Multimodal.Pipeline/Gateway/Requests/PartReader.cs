using Multimodal.Contracts.Values;
using Multimodal.Inference.Features;
using Multimodal.Inference.Inspection;
using Multimodal.Inference.Media;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Checks the parts of a request by their bytes and computes the gate's features. Decoding images costs memory, so it runs for at most as
/// many requests at once as there are cores. The others wait and keep their admission slot.
/// </summary>
internal sealed class PartReader(InferenceOptions options, GatewayOptions gatewayOptions, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    public async Task<Outcome<RequestParts>> ReadAsync(IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return Read(parts.ToDictionary(part => part.Key, part => new MediaContent(part.Value)));
        }
        finally
        {
            _cores.Release();
        }
    }

    public void Dispose() => _cores.Dispose();

    private Outcome<RequestParts> Read(Dictionary<Modality, MediaContent> parts)
    {
        var failures = new List<(Modality, MediaFailure)>();
        var types = new Dictionary<Modality, string>();
        foreach (var (modality, content) in parts.OrderBy(part => part.Key))
        {
            if (MediaInspector.TryInspect(modality, content, options.Media, out var info, out var failure))
            {
                types.Add(modality, info.MediaType);
            }
            else
            {
                failures.Add((modality, failure));
            }
        }

        if (failures.Count > 0)
        {
            return Problems.Media(failures, gatewayOptions.RetryAfterSeconds);
        }

        var start = time.GetTimestamp();
        var features = new float[RequestFeatures.Names.Count];
        if (!RequestFeatures.TryCompute(parts, options.Media, features, out var empty, out var refused))
        {
            // A valid header can precede invalid content, which only decoding detects.
            return Problems.Media([(refused.Modality, refused.Failure)], gatewayOptions.RetryAfterSeconds);
        }

        return new RequestParts(types, features, time.GetElapsedTime(start).TotalMilliseconds) { Contents = parts, Empty = empty };
    }
}
