namespace Multimodal.Tool.Commands.Experts;

/// <summary>An expert that an ensemble takes in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">The labelled requests that gate and combiner learn from.</param>
/// <param name="Version">Version of both from now on; null for the old version with the expert's name appended.</param>
internal sealed record NewExpert(string Name, FileInfo Data, string? Version);
