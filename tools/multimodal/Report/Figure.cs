namespace Multimodal.Tool.Report;

/// <summary>One plot or table with what it shows.</summary>
/// <param name="Title">In a few words.</param>
/// <param name="Html">The figure itself.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="Wide">Whether it takes the whole width.</param>
internal sealed record Figure(string Title, string Html, string Caption, bool Wide = false);
