namespace Multimodal.Learning.Selection;

/// <summary>How the selection bias reacts to waiting times.</summary>
/// <param name="BusyMs">An expert with a longer wait, in milliseconds, is busy.</param>
/// <param name="Step">Change of the bias per interval, above 0, in units of a logit.</param>
/// <param name="MaxBias">Largest absolute bias, in units of a logit.</param>
public sealed record LoadBiasSettings(double BusyMs, double Step, double MaxBias);
