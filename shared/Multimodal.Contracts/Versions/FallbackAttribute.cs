namespace Multimodal.Contracts.Versions;

/// <summary>
/// Marks the value as which a reader takes a name that it does not know, from a newer version. Without one, the whole message is unreadable.
/// </summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class FallbackAttribute : Attribute;
