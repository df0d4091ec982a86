using Multimodal.Learning.Data;

namespace Multimodal.Tool.DataSets;

/// <summary>First line of a recorded file, which describes the rows below it.</summary>
internal sealed record RecordedHeader(
    string Ensemble,
    IReadOnlyList<string> Labels,
    IReadOnlyList<RecordedExpert> Experts,
    IReadOnlyList<string> Features,
    IReadOnlyList<ModalityBlock> Blocks);
