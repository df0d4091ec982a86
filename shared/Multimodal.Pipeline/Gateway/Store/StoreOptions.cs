using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Gateway.Store;

/// <summary>The request store.</summary>
internal sealed class StoreOptions
{
    /// <summary>A file in the data folder, for one gateway.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>A server, for any number of gateways.</summary>
    public const string Postgres = "postgresql";

    /// <summary>Which database: <c>sqlite</c> is a file in the data folder, <c>postgresql</c> a server that gateways can share.</summary>
    /// <value>sqlite or postgresql; default sqlite.</value>
    [AllowedValues(Sqlite, Postgres)]
    public string Kind { get; set; } = Sqlite;

    /// <summary>The connection string for <c>postgresql</c>; never logged.</summary>
    /// <value>Default a database <c>multimodal</c> on this machine.</value>
    public string Postgresql { get; set; } = "Host=localhost;Database=multimodal;Username=multimodal";

    /// <summary>
    /// Waits for the disk before a request is accepted or its result recorded (SQLite <c>synchronous=FULL</c>, PostgreSQL <c>synchronous_commit=on</c>). Without, a killed
    /// process still loses nothing, because the operating system has the writes; a power cut may lose the last moments.
    /// </summary>
    /// <value>Default true.</value>
    public bool SurvivePowerLoss { get; set; } = true;

    /// <summary>The most writes that share one commit.</summary>
    /// <value>1 to 10,000; default 256.</value>
    [Range(1, 10_000)]
    public int CommitGroup { get; set; } = 256;

    /// <summary>Seconds between two looks for requests whose deadline passed without a result.</summary>
    /// <value>0.1 to 3,600; default 2.</value>
    [Range(0.1, 3600)]
    public double WatchdogSeconds { get; set; } = 2;

    /// <summary>Seconds past its deadline after which a request counts as stuck and is sent again.</summary>
    /// <value>0 to 3,600; default 2.</value>
    [Range(0, 3600)]
    public double GraceSeconds { get; set; } = 2;

    /// <summary>
    /// How often one request is sent at most. After that its result is <c>failed</c>, so that an input that kills a process cannot
    /// do so for ever.
    /// </summary>
    /// <value>1 to 1,000; default 10.</value>
    [Range(1, 1000)]
    public int MaxSends { get; set; } = 10;

    /// <summary>Days after which an answered request is forgotten, with its result and feedback.</summary>
    /// <value>1 to 3,650; default 7.</value>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 7;
}
