using System.Collections.Concurrent;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Experts;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;

namespace Multimodal.Pipeline.Tests.Fakes;

/// <summary>An expert with scripted behaviour. It replaces ONNX Runtime and is the only fake in the tests of the pipeline.</summary>
internal sealed class ScriptedExpert(string name, Modality modality, Func<ReadOnlyMemory<byte>, CancellationToken, Task<ExpertOutcome>> script) : IExpert
{
    public static readonly string[] Labels = ["0", "1", "2"];

    private int _asked;

    /// <summary>The number of calls.</summary>
    public int Asked => Volatile.Read(ref _asked);

    /// <summary>The payloads it received.</summary>
    public ConcurrentQueue<byte[]> Media { get; } = new();

    public ExpertPackage Package { get; } = new()
    {
        Name = name,
        Version = "1.0.0",
        Description = "Follows a script.",
        Modality = modality,
        Labels = Labels,
        Model = "model.onnx",
        Sha256 = new string('0', 64),
        Input = "x",
        Output = "y",
        Preprocessing = JsonDocument.Parse("{}").RootElement,
        Activation = "softmax",
        Temperature = 1,
        Cost = 1,
        Licence = "MIT",
        TrainedOn = ["nothing"],
        Folder = "/",
    };

    public string Device => "cpu";

    public int Backlog => 0;

    public Task<ExpertOutcome> AnalyzeAsync(MediaContent media, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        Media.Enqueue(media.Bytes.ToArray());
        return script(media.Bytes, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Always gives the same opinion.</summary>
    public static ScriptedExpert Answers(string name, Modality modality, params double[] probabilities) =>
        new(name, modality, (_, _) => Task.FromResult(Opinion(probabilities)));

    /// <summary>Always declines.</summary>
    public static ScriptedExpert Declines(string name, Modality modality, DeclineReason reason) =>
        new(name, modality, (_, _) => Task.FromResult<ExpertOutcome>(new ExpertOutcome.Declined(reason, "As the script says.")));

    /// <summary>Throws an exception, like an expert with a bug.</summary>
    public static ScriptedExpert Throws(string name, Modality modality) =>
        new(name, modality, (_, _) => throw new InvalidOperationException("As the script says."));

    /// <summary>Does not answer until released.</summary>
    public static ScriptedExpert Waits(string name, Modality modality, Task release, params double[] probabilities) =>
        new(name, modality, async (_, cancel) =>
        {
            await release.WaitAsync(cancel);
            return Opinion(probabilities);
        });

    public static ExpertOutcome Opinion(params double[] probabilities) =>
        new ExpertOutcome.Answered([.. probabilities.Select(p => Math.Log(p))], new StageTimings(0.5, 1, 2, 1));
}
