namespace Multimodal.Tool.DataSets;

/// <summary>A recorded request: the gate's features and all opinions.</summary>
internal sealed record RecordedRow(
    string Id, string Label, bool Conflict, float[] Features, Dictionary<string, double[]> Opinions, Dictionary<string, string> Declined);
