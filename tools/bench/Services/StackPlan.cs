namespace Multimodal.Bench.Services;

/// <summary>Number of processes of each service.</summary>
/// <param name="Gateways">Number of gateways; more than one share a database server.</param>
/// <param name="Combiners">Number of combiners.</param>
/// <param name="Experts">Processes of each of the three kinds of experts.</param>
/// <param name="GatewayPort">Port of the first gateway; null for a free port.</param>
/// <param name="Settings">Additional settings.</param>
/// <param name="Clocks">Sets the system clocks of the services; null for the host's clock.</param>
/// <param name="OpenFiles">Limit of open files of each service (RLIMIT_NOFILE); null for that of this process.</param>
internal sealed record StackPlan(
    int Gateways, int Combiners, int Experts, int? GatewayPort = null, IReadOnlyDictionary<string, string>? Settings = null, FakeClocks? Clocks = null,
    int? OpenFiles = null)
{
    /// <summary>Whether a single gateway uses a database server too.</summary>
    public bool HasDatabase { get; init; }

    /// <summary>Whether AMQP, HTTP and PostgreSQL use TLS.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Whether the gateways use their caches of answers; see <see cref="StackService.IsCaching"/>.</summary>
    public bool IsCaching { get; init; }

    /// <summary>Folder of the programs of another build; null for this build.</summary>
    public string? Binaries { get; init; }
}
