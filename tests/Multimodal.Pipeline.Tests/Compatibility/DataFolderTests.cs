namespace Multimodal.Pipeline.Tests.Compatibility;

/// <summary>In the file that was recorded. The first after the models to be recorded.</summary>
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
