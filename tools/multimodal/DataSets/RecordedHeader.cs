using Multimodal.Learning.Data;

namespace Multimodal.Tool.DataSets;

/// <summary>First line of a recorded file: what the rows below it mean.</summary>
internal sealed record RecordedHeader(
    string Ensemble,
    IReadOnlyList<string> Labels,
    IReadOnlyList<RecordedExpert> Experts,
    IReadOnlyList<string> Features,
    IReadOnlyList<ModalityBlock> Blocks);
