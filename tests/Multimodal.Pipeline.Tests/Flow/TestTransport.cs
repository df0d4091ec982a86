namespace Multimodal.Pipeline.Tests.Flow;

/// <summary>The transport of the hosts of one test.</summary>
public abstract class TestTransport
{
    /// <summary>In memory, within one process.</summary>
    public static TestTransport InMemory { get; } = new Local();

    /// <summary>Whether several processes can use it.</summary>
    public abstract bool IsShared { get; }

    /// <summary>The settings for a host.</summary>
    public abstract Task<IReadOnlyList<(string Key, string Value)>> SettingsAsync();

    private sealed class Local : TestTransport
    {
        public override bool IsShared => false;

        public override Task<IReadOnlyList<(string Key, string Value)>> SettingsAsync() => Task.FromResult<IReadOnlyList<(string, string)>>([]);
    }
}
