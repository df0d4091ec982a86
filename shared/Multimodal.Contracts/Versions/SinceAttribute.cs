namespace Multimodal.Contracts.Versions;

/// <summary>Marks an enum value that older versions cannot read.</summary>
/// <param name="version">The first message version that reads it.</param>
/// <param name="before">The value that older versions get instead, of the same enum.</param>
[AttributeUsage(AttributeTargets.Field)]
public sealed class SinceAttribute(int version, object before) : Attribute
{
    /// <summary>The first message version that reads it.</summary>
    public int Version { get; } = version;

    /// <summary>The value that older versions get instead.</summary>
    public object Before { get; } = before;
}
