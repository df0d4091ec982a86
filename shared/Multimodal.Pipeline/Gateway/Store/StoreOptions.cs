using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>The request store.</summary>
internal sealed class StoreOptions
{
    /// <summary>A file in the data folder, for one gateway.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A server, for any number of gateways.</summary>
    public const string Postgres = "postgresql";

    /// <summary>
    /// Kind of database: <c>sqlite</c> is a file in the data folder, <c>postgresql</c> a server that several gateways can share.
    /// </summary>
    /// <value>sqlite or postgresql; default sqlite.</value>
    [AllowedValues(Sqlite, Postgres)]
    public string Kind { get; set; } = Sqlite;

    /// <summary>Connection string for <c>postgresql</c>. It is never logged.</summary>
    /// <value>Default a database <c>multimodal</c> on this machine.</value>
    public string Postgresql { get; set; } = "Host=localhost;Database=multimodal;Username=multimodal";

    /// <summary>
    /// Whether a commit waits for the disk before a request is accepted or a result recorded (SQLite <c>synchronous=FULL</c>, PostgreSQL
    /// <c>synchronous_commit=on</c>). If false, a killed process still loses nothing, because the operating system holds the writes. A
    /// power failure can lose the last writes.
    /// </summary>
    /// <value>Default true.</value>
    public bool SurvivePowerLoss { get; set; } = true;

    /// <summary>Maximum number of writes per commit.</summary>
    /// <value>1 to 10,000; default 256.</value>
    [Range(1, 10_000)]
    public int CommitGroup { get; set; } = 256;

    /// <summary>Seconds between checks for requests whose deadline passed without a result.</summary>
    /// <value>0.1 to 3,600; default 2.</value>
    [Range(0.1, 3600)]
    public double WatchdogSeconds { get; set; } = 2;

    /// <summary>Seconds after its deadline when a request without a result is resent.</summary>
    /// <value>0 to 3,600; default 2.</value>
    [Range(0, 3600)]
    public double GraceSeconds { get; set; } = 2;

    /// <summary>
    /// Maximum number of times that a request is sent. After that its result is <c>failed</c>, so that an input that crashes a process does
    /// so a limited number of times.
    /// </summary>
    /// <value>1 to 1,000; default 10.</value>
    [Range(1, 1000)]
    public int MaxSends { get; set; } = 10;

    /// <summary>Days until an answered request is deleted, with its result and feedback. Fractions are allowed.</summary>
    /// <value>0.0001 to 3,650; default 7.</value>
    [Range(0.0001, 3650)]
    public double RetentionDays { get; set; } = 7;
}
