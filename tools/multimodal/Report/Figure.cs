namespace Multimodal.Tool.Report;

/// <summary>A plot or table with a caption.</summary>
/// <param name="Title">Short title.</param>
/// <param name="Html">The figure.</param>
/// <param name="Caption">How to read the figure.</param>
/// <param name="Wide">Whether it spans the whole width.</param>
internal sealed record Figure(string Title, string Html, string Caption, bool Wide = false);
