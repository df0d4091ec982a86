using Multimodal.Contracts.Values;
using Multimodal.Inference.Features;
using Multimodal.Inference.Inspection;
using Multimodal.Inference.Media;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Checks the parts of a request by their bytes and computes the gate's features. Reading images costs memory, so only as many
/// requests as there are cores are read at once; the others wait, counted by the admission.
/// </summary>
internal sealed class PartReader(MultimodalOptions options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _cores = new(Environment.ProcessorCount);

    /// <summary>Reads the parts.</summary>
    public async Task<Outcome<PartsRead>> ReadAsync(IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> parts, CancellationToken cancellationToken)
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

    private Outcome<PartsRead> Read(IReadOnlyDictionary<Modality, ReadOnlyMemory<byte>> parts)
    {
        var failures = new List<(Modality, MediaFailure)>();
        var types = new Dictionary<Modality, string>();
        foreach (var (modality, bytes) in parts.OrderBy(part => part.Key))
        {
            if (MediaInspector.TryInspect(modality, bytes.Span, options.Inference.Media, out var info, out var failure))
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
        if (!RequestFeatures.TryCompute(parts, options.Inference.Media, features, out var refused))
        {
            // The header was good and the rest is not: only decoding finds that.
            return Problems.Media([(refused.Modality, refused.Failure)]);
        }

        return new PartsRead(types, features, time.GetElapsedTime(start).TotalMilliseconds);
    }
}
