namespace Multimodal.Bench.Services;

/// <summary>How many processes of each service.</summary>
/// <param name="Gateways">Gateways; with more than one, they share a database server.</param>
/// <param name="Combiners">Combiners.</param>
/// <param name="Experts">Processes of each of the three kinds of experts.</param>
/// <param name="GatewayPort">Where the first gateway listens; null for a free port.</param>
/// <param name="Settings">Settings beyond those that bring them together.</param>
internal sealed record StackPlan(int Gateways, int Combiners, int Experts, int? GatewayPort = null, IReadOnlyDictionary<string, string>? Settings = null);
