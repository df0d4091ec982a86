using System.Reflection;
using System.Text.Json;
using Multimodal.Contracts.Values;
using Multimodal.Inference.Features;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;
using Multimodal.Inference.Sessions;
using Multimodal.Learning.Fusion;
using Multimodal.Learning.Gating;
using Multimodal.Learning.Online;
using Multimodal.Learning.Selection;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Requests;
using Multimodal.Pipeline.Gateway.Subscriptions;
using Multimodal.Pipeline.Gateway.Webhooks;
using Multimodal.Pipeline.Hosting;

namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Names that clients, operators, files and other processes use. Some come from identifiers, for example enum values.</summary>
public sealed class NamesTests
{
    private static readonly JsonSerializerOptions Readable = new(JsonFormat.Options) { WriteIndented = true };

    [Fact]
    public void EnumValues_InJson_AreTheSame() => Recorded.Includes("names", "values.json", Write(new Dictionary<string, object>
    {
        ["modality"] = Enum.GetValues<Modality>(),
        ["priority"] = Enum.GetValues<Priority>(),
        ["answer status"] = Enum.GetValues<AnswerStatus>(),
        ["expert state"] = Enum.GetValues<ExpertState>(),
        ["skip reason"] = Enum.GetValues<SkipReason>(),
        ["decline reason"] = Enum.GetValues<DeclineReason>(),
        ["request status"] = Enum.GetValues<RequestStatus>(),
        ["subscription kind"] = Enum.GetValues<SubscriptionKind>(),
        ["delivery state"] = Enum.GetValues<DeliveryState>(),
        ["media failure"] = Enum.GetValues<MediaFailureCode>(),
    }));

    /// <summary>Settings accept them in upper and lower case.</summary>
    [Fact]
    public void EnumValues_InSettings_AreTheSame() => Recorded.Same("names", "settings-values.json", Write(new Dictionary<string, object>
    {
        ["Execution:Provider"] = Enum.GetNames<ExecutionProvider>(),
        ["Media:ImageDecoder"] = Enum.GetNames<ImageDecoderKind>(),
        ["Media:AudioDecoder"] = Enum.GetNames<AudioDecoderKind>(),
    }));

    /// <summary>A trained gate reads its features by name, and an ensemble names its parts.</summary>
    [Fact]
    public void Parts_OfModelFiles_AreTheSame() => Recorded.Same("names", "parts.json", Write(new Dictionary<string, object>
    {
        ["features"] = RequestFeatures.Names,
        ["blocks"] = RequestFeatures.Blocks.Select(block => $"{block.Modality} {block.Offset} {block.Length}"),
        ["opinion signals"] = OpinionSignals.Names,
        ["asking signals"] = ExpectedGain.Signals,
        ["gates"] = Gates.Names,
        ["strategies"] = SelectionStrategies.Table.Names,
        ["fusion rules"] = FusionRules.Table.Names,
        ["fusion forms"] = FusionForms.Table.Names,
        ["learners"] = OnlineLearners.Table.Names,
        ["losses"] = OnlineLosses.Names,
        ["preprocessing"] = PreprocessorTable.ByKind.Keys.Order(StringComparer.Ordinal),
        ["activation"] = LogProbabilities.ByName.Keys.Order(StringComparer.Ordinal),
    }));

    /// <summary>Clients branch on them.</summary>
    [Fact]
    public void Problems_StatusAndCode_AreTheSame()
    {
        var problems = typeof(Problems).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Problem) && method.Name != nameof(Problems.ForStatus))
            .Select(method => (
                Method: method, Arguments: method.GetParameters().Select(parameter => Value(parameter.ParameterType)).ToArray()))
            .Where(call => !call.Arguments.Contains(null))
            .Select(call => (Problem)call.Method.Invoke(null, call.Arguments)!)
            .Concat(Enum.GetValues<MediaFailureCode>().Select(code => Problems.Media([(Modality.Text, new MediaFailure(code, "detail"))], 1)))
            .Concat(new[] { 400, 404, 405, 415, 500, 418 }.Select(Problems.ForStatus));

        Recorded.Includes("names", "problems.json", Write(
            problems.Select(problem => $"{problem.Status} {problem.Details.Type}").Distinct().Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Problem_EveryMemberSet_IsTheSameBytes()
    {
        var errors = new Dictionary<string, string> { ["options.k"] = "must be an integer" };
        var problem = new Problem(400, "invalid-options", "detail") { Errors = errors };

        Recorded.Same("wire", "problem.json", JsonSerializer.Serialize(problem.Details, JsonFormat.Options));
    }

    /// <summary>Dashboards and alerts use them. The descriptions are for people and may change.</summary>
    [Fact]
    public void Metrics_NamesTypesAndLabels_AreTheSame()
    {
        var rows = MetricsPage.Write().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal));

        Recorded.Includes("names", "metrics.json", Write(rows.Select(row => string.Join('|', row.Split('|')[1..5]).Trim())));
    }

    private static string Write(object names) => JsonSerializer.Serialize(names, Readable) + "\n";

    private static object? Value(Type type) => type switch
    {
        _ when type == typeof(string) => "text",
        _ when type == typeof(int) => 1,
        _ when type.IsAssignableFrom(typeof(string[])) => new[] { "text" },
        _ when type.IsAssignableFrom(typeof(Dictionary<string, string>)) => new Dictionary<string, string>(),
        _ => null,
    };
}
