using System.Runtime.InteropServices;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Preprocessing;
using Multimodal.Inference.Sessions;

namespace Multimodal.Bench.Profile;

/// <summary>A model of the bare program, which runs one item at a time.</summary>
internal sealed class BareModel : IDisposable
{
    private readonly OnnxSession _session;
    private readonly IPreprocessor _preprocessor;

    /// <param name="package">The expert.</param>
    /// <param name="execution">The threads of a run; null for the default.</param>
    public BareModel(ExpertPackage package, ExecutionOptions? execution = null)
    {
        var limits = new MediaOptions();
        _preprocessor = PreprocessorReader.Read(
            new PreprocessorContext(package.Preprocessing, package.Folder, limits), PreprocessorTable.ByKind, (key, problem) => throw new InvalidDataException($"{key} {problem}"))!;
        using var options = SessionOptionsFactory.Cpu(execution ?? new ExecutionOptions());
        var tensors = new ModelTensors(package.Input, _preprocessor.Row, package.Output, package.Labels.Count);
        _session = new OnnxSession(package.ModelPath, options, tensors, new SessionPlan(1));
        _session.WarmUp(1);
        Modality = package.Modality.ToString().ToLowerInvariant();
    }

    /// <summary>The name of the part that it sees.</summary>
    public string Modality { get; }

    /// <summary>For images: the edge of its input.</summary>
    public int Edge => _preprocessor.Row.Shape[^1];

    /// <summary>Runs the model.</summary>
    /// <param name="part">The part as the client sent it. A text is tokenized as in the service.</param>
    /// <param name="decoded">The levels or samples; they fill the input from its start.</param>
    /// <param name="scores">Receives the outputs, added.</param>
    public void Run(ReadOnlyMemory<byte> part, float[] decoded, double[] scores) => _session.Run(
        1,
        (item, row) =>
        {
            if (Modality == "text")
            {
                _ = _preprocessor.TryPrepare(new MediaContent(part), row, out _);
                return;
            }

            var values = MemoryMarshal.Cast<byte, float>(row);
            values.Clear();
            decoded.AsSpan(0, Math.Min(decoded.Length, values.Length)).CopyTo(values);
        },
        (_, output) =>
        {
            for (var i = 0; i < output.Length; i++)
            {
                scores[i] += output[i];
            }
        },
        CancellationToken.None);

    public void Dispose() => _session.Dispose();
}
