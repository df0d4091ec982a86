namespace Multimodal.Inference.Tests.Audio;

/// <summary>The sound files shipped beside the tests, made by <c>Samples/make_samples.sh</c>.</summary>
internal static class AudioSamples
{
    public static byte[] Read(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Audio", "Samples", name));
}
