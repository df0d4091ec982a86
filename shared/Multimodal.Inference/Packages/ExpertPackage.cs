using System.Text.Json;
using Multimodal.Contracts.Values;

namespace Multimodal.Inference.Packages;

/// <summary>An expert as its author ships it: a folder with <c>expert.json</c> and the model it names.</summary>
public sealed record ExpertPackage
{
    /// <summary>Unique name in the ensemble; lower-case letters, digits and hyphens; also the end of its queue's name.</summary>
    public required string Name { get; init; }

    /// <summary>Semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>One sentence: what it is a specialist in.</summary>
    public required string Description { get; init; }

    /// <summary>What it judges.</summary>
    public required Modality Modality { get; init; }

    /// <summary>Its labels, in the order of the output tensor's last axis.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>File name of the model, relative to the folder.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Name of the input tensor; its first axis is the batch.</summary>
    public required string Input { get; init; }

    /// <summary>Name of the output tensor, shape [batch, labels].</summary>
    public required string Output { get; init; }

    /// <summary>The <c>preprocessing</c> object; its <c>kind</c> names the preprocessor.</summary>
    public required JsonElement Preprocessing { get; init; }

    /// <summary>What the output holds: <c>softmax</c> (logits), <c>probabilities</c> or <c>log-probabilities</c>.</summary>
    public required string Activation { get; init; }

    /// <summary>Calibration temperature T &gt; 0: probabilities are softmax(logits / T) (Guo et al. 2017).</summary>
    public required double Temperature { get; init; }

    /// <summary>Relative cost of one run, at least 0; 1 is an ordinary expert. Used by gates that mind cost.</summary>
    public required double Cost { get; init; }

    /// <summary>SPDX licence expression of the model.</summary>
    public required string Licence { get; init; }

    /// <summary>What it was trained on, one entry per source.</summary>
    public required IReadOnlyList<string> TrainedOn { get; init; }

    /// <summary>The folder it was loaded from, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>The model file, absolute.</summary>
    public string ModelPath => Path.Combine(Folder, Model);
}
