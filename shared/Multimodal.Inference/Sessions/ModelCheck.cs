using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Multimodal.Inference.Preprocessing;

namespace Multimodal.Inference.Sessions;

/// <summary>Compares the inputs and outputs that a package states with those of the model.</summary>
internal static class ModelCheck
{
    /// <summary>Opens the model on the CPU, without optimisation, and reports every difference at the key of the package.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="stated">What the package states.</param>
    /// <param name="report">Called with (key, what is wrong).</param>
    public static void Run(string path, ModelInterface stated, Action<string, string> report)
    {
        try
        {
            using var options = new SessionOptions
            {
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
                IntraOpNumThreads = 1,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            using var session = new InferenceSession(path, options);
            if (stated.Input is { } input)
            {
                CheckInput(session.InputMetadata, input, stated.Row, report);
            }

            if (stated.Output is { } output)
            {
                CheckOutput(session.OutputMetadata, output, stated.Labels, report);
            }
        }
        catch (OnnxRuntimeException exception)
        {
            report("model", $"is not a model that ONNX Runtime can load: {exception.Message}");
        }
    }

    private static void CheckInput(
        IReadOnlyDictionary<string, NodeMetadata> inputs, string input, TensorRow? row, Action<string, string> report)
    {
        if (!inputs.TryGetValue(input, out var node))
        {
            report("input", $"is '{input}'; the model's inputs are: {Names(inputs)}.");
            return;
        }

        if (inputs.Count > 1)
        {
            report("model", $"needs {inputs.Count} inputs ({Names(inputs)}); it must have one.");
        }

        if (!node.IsTensor)
        {
            report("input", $"is a {node.OnnxValueType} in the model; it must be a tensor.");
            return;
        }

        CheckBatchAxis("input", node, report);
        if (row is null)
        {
            return;
        }

        if (node.ElementDataType != BatchTensors.ElementType(row.Element))
        {
            report("input", $"holds {node.ElementDataType} in the model; the preprocessing writes {row.Element}.");
        }

        var extents = node.Dimensions.Skip(1).ToArray();
        if (extents.Length != row.Shape.Count || !extents.Zip(row.Shape).All(pair => pair.First < 0 || pair.First == pair.Second))
        {
            report("input", $"has shape {Shape(node)} in the model; the preprocessing writes rows of [{string.Join(", ", row.Shape)}].");
        }
    }

    private static void CheckOutput(
        IReadOnlyDictionary<string, NodeMetadata> outputs, string output, int? labels, Action<string, string> report)
    {
        if (!outputs.TryGetValue(output, out var node))
        {
            report("output", $"is '{output}'; the model's outputs are: {Names(outputs)}.");
            return;
        }

        if (!node.IsTensor || node.ElementDataType != TensorElementType.Float || node.Dimensions.Length != 2)
        {
            var found = node.IsTensor ? $"{node.ElementDataType} {Shape(node)}" : node.OnnxValueType.ToString();
            report("output", $"is {found} in the model; it must be Float [batch, labels].");
            return;
        }

        CheckBatchAxis("output", node, report);
        if (labels is { } count && node.Dimensions[1] >= 0 && node.Dimensions[1] != count)
        {
            report("labels", $"has {count} entries; the model's output {output} has {node.Dimensions[1]} columns.");
        }
    }

    private static void CheckBatchAxis(string key, NodeMetadata node, Action<string, string> report)
    {
        if (node.Dimensions.Length == 0 || node.Dimensions[0] >= 0)
        {
            report(key, $"has shape {Shape(node)} in the model; its first axis must be a free batch axis.");
        }
    }

    private static string Names(IReadOnlyDictionary<string, NodeMetadata> nodes) =>
        string.Join(", ", nodes.Keys.Order(StringComparer.Ordinal));

    private static string Shape(NodeMetadata node) =>
        $"[{string.Join(", ", node.Dimensions.Select(extent => extent < 0 ? "?" : $"{extent}"))}]";
}
