using System.Text.Json;

namespace Multimodal.Tool.Commands;

/// <summary>The expected answer; every member that is not null is checked.</summary>
/// <param name="Label">Label of the answer.</param>
/// <param name="Conflict">Whether the answer must report confident experts that disagree.</param>
/// <param name="MaxConfidence">Maximum confidence of the answer, for input that must not look certain.</param>
/// <param name="Code">Problem code of a rejection.</param>
internal sealed record DemoExpectation(string? Label, bool? Conflict, double? MaxConfidence, string? Code)
{
    public bool IsMetBy(JsonElement answer)
    {
        if (Code is not null)
        {
            return answer.TryGetProperty("code", out var code) && code.GetString() == Code;
        }

        return answer.TryGetProperty("label", out var label)
            && (Label is null || label.GetString() == Label)
            && (Conflict is null || answer.GetProperty("fusion").GetProperty("conflict").GetBoolean() == Conflict)
            && (MaxConfidence is null || answer.GetProperty("confidence").GetDouble() <= MaxConfidence);
    }

    public string Describe() => string.Join(", ", new[]
    {
        Label is null ? null : $"label {Label}",
        Conflict is null ? null : Conflict.Value ? "a conflict" : "no conflict",
        MaxConfidence is null ? null : FormattableString.Invariant($"confidence at most {MaxConfidence}"),
        Code is null ? null : $"refused as {Code}",
    }.OfType<string>());
}
