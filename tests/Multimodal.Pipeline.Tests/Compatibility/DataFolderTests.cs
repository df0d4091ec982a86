namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>Opens the recorded SQLite file. When recording, run it first after the models.</summary>
public sealed class DataFolderTests() : DataFolderScenarios(null), IAsyncLifetime
{
    private static bool s_isRecorded;

    public async ValueTask InitializeAsync()
    {
        if (Recorded.IsRecording && !s_isRecorded)
        {
            await DataFolderRecording.WriteAsync();
            s_isRecorded = true;
        }
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
