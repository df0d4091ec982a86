using System.Data.Common;

namespace Multimodal.Pipeline.Core;

/// <summary>
/// The database of the request store is unreachable or cannot write. The store logs the start and the end of an outage, so callers do not log this
/// exception.
/// </summary>
/// <param name="inner">The driver's exception.</param>
internal sealed class StoreUnavailableException(DbException inner) : DbException(inner.Message, inner)
{
    public override bool IsTransient => inner.IsTransient;

    public override string? SqlState => inner.SqlState;
}
