namespace Multimodal.Inference.Tests.Audio;

/// <summary>Reads the audio files of the tests, which <c>Samples/make_samples.sh</c> creates.</summary>
internal static class AudioSamples
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Audio", "Samples", name));
}
