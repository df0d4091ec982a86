namespace Multimodal.Contracts.Versions;

/// <summary>
/// The versions of the messages between gateways, combiners and expert workers. A version is a set of names that its processes can read. A new
/// version may add messages, members and enum values; it removes and renames nothing that <see cref="Oldest"/> needs.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>version</term><description>what it added</description></listheader>
/// <item><term>1</term><description>Messages without a version.</description></item>
/// <item>
/// <term>2</term>
/// <description>
/// The member <c>messageVersion</c>; the status <c>undecided</c>; the reason <c>empty</c> of declined and skipped experts; the messages
/// <c>multimodal.clock</c>, <c>multimodal.places</c> and <c>ExpertReplies</c>; the member <c>readsReplies</c> of <c>Analyze</c>.
/// </description>
/// </item>
/// </list>
/// </remarks>
public static class MessageVersions
{
    /// <summary>The oldest version with which this one works.</summary>
    public const int Oldest = 1;

    /// <summary>The version of this build.</summary>
    public const int Current = 2;
}
