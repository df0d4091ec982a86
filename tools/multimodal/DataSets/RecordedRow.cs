namespace Multimodal.Tool.DataSets;

/// <summary>One recorded request: the gate's features and every opinion that was given.</summary>
internal sealed record RecordedRow(
    string Id, string Label, bool Conflict, float[] Features, Dictionary<string, double[]> Opinions, Dictionary<string, string> Declined);
