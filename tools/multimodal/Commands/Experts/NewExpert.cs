namespace Multimodal.Tool.Commands.Experts;

/// <summary>An expert to add to an ensemble.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">Labelled requests that gate and combiner learn from.</param>
/// <param name="Version">New version of both; null for the old version with the expert's name appended.</param>
internal sealed record NewExpert(string Name, FileInfo Data, string? Version);
