using System.Text.Json.Serialization;

namespace Multimodal.Contracts.Versions;

/// <summary>A message that says which version its sender can read. Readers ignore members that they do not know.</summary>
public abstract record VersionedMessage : IJsonOnDeserializing
{
    private int _messageVersion = MessageVersions.Current;

    /// <summary>The message version of the sender; 1 in JSON without it. See <see cref="MessageVersions"/>.</summary>
    [JsonPropertyOrder(-1)]
    public int MessageVersion
    {
        get => _messageVersion;
        init => _messageVersion = value;
    }

    /// <summary>Version 1 did not write the member.</summary>
    void IJsonOnDeserializing.OnDeserializing() => _messageVersion = MessageVersions.Oldest;
}
