using System.Text.Json;
using Multimodal.Contracts.Values;

namespace Multimodal.Inference.Packages;

/// <summary>The package of an expert: a folder that contains <c>expert.json</c> and the model.</summary>
public sealed record ExpertPackage
{
    /// <summary>Name, unique in the ensemble: lower-case letters, digits and single hyphens. The name of its queue ends with it.</summary>
    public required string Name { get; init; }

    /// <summary>Semantic version.</summary>
    public required string Version { get; init; }

    /// <summary>One sentence that states what the expert specializes in.</summary>
    public required string Description { get; init; }

    /// <summary>The modality of its input.</summary>
    public required Modality Modality { get; init; }

    /// <summary>The labels, in the order of the last axis of the output tensor.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Path of the model file, relative to the folder.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file, lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Name of the input tensor. Its first axis is the batch.</summary>
    public required string Input { get; init; }

    /// <summary>Name of the output tensor, shape [batch, labels].</summary>
    public required string Output { get; init; }

    /// <summary>The <c>preprocessing</c> object. Its <c>kind</c> selects the preprocessor.</summary>
    public required JsonElement Preprocessing { get; init; }

    /// <summary>The meaning of the output: <c>softmax</c> (logits), <c>probabilities</c> or <c>log-probabilities</c>.</summary>
    public required string Activation { get; init; }

    /// <summary>Calibration temperature T in (0, 1000]: probabilities are softmax(logits / T) (Guo et al. 2017).</summary>
    public required double Temperature { get; init; }

    /// <summary>Relative cost of one run, at least 0; a typical expert has 1. Strategies that consider cost use it.</summary>
    public required double Cost { get; init; }

    /// <summary>SPDX licence expression of the model.</summary>
    public required string Licence { get; init; }

    /// <summary>The training data, one entry per source.</summary>
    public required IReadOnlyList<string> TrainedOn { get; init; }

    /// <summary>Absolute path of the folder that it was loaded from.</summary>
    public required string Folder { get; init; }

    /// <summary>Absolute path of the model file.</summary>
    public string ModelPath => Path.Combine(Folder, Model);
}
