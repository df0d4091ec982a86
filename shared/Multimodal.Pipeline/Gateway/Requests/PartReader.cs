using Multimodal.Contracts.Values;
using Multimodal.Inference.Features;
using Multimodal.Inference.Inspection;
using Multimodal.Inference.Media;
using Multimodal.Pipeline.Ensembles;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Checks the parts of a request by their bytes and computes the gate's features. Reading images costs memory, so only as many
/// requests as there are cores are read at once; the others wait, counted by the admission.
/// </summary>
internal sealed class PartReader(InferenceOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    /// <summary>Reads the parts.</summary>
    public async Task<Outcome<RequestParts>> ReadAsync(IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
    {
        await _cores.WaitAsync(cancellationToken);
        try
        {
            return Read(parts);
        }
        finally
        {
            _cores.Release();
        }
    }

    public void Dispose() => _cores.Dispose();

    private Outcome<RequestParts> Read(IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> parts)
    {
        var failures = new List<(Modality, MediaFailure)>();
        var types = new Dictionary<Modality, string>();
        foreach (var (modality, bytes) in parts.OrderBy(part => part.Key))
        {
            if (MediaInspector.TryInspect(modality, bytes.Span, options.Media, out var info, out var failure))
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
            return Problems.Media(failures);
        }

        var start = time.GetTimestamp();
        var features = new float[RequestFeatures.Names.Count];
        if (!RequestFeatures.TryCompute(parts, options.Media, features, out var refused))
        {
            // The header was good and the rest is not: only decoding finds that.
            return Problems.Media([(refused.Modality, refused.Failure)]);
        }

        return new RequestParts(types, features, time.GetElapsedTime(start).TotalMilliseconds);
    }
}
