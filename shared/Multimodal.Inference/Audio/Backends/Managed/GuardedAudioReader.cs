namespace Multimodal.Inference.Audio.Backends.Managed;

/// <summary>
/// Treats any exception of a managed library as the end of the audio, as libsndfile does. On broken bytes these libraries throw many
/// exception types, also undocumented ones such as IndexOutOfRange, NullReference and DivideByZero.
/// </summary>
internal sealed class GuardedAudioReader : IAudioReader
{
    private readonly IAudioReader _reader;
    private bool _ended;

    private GuardedAudioReader(IAudioReader reader) => _reader = reader;

    public AudioHeader Header => _reader.Header;

    /// <summary>Opens a file.</summary>
    /// <returns>Null if <paramref name="open"/> returns null or throws.</returns>
    public static GuardedAudioReader? Open(Func<IAudioReader?> open)
    {
        try
        {
            return open() is { } reader ? new GuardedAudioReader(reader) : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return null;
        }
    }

    public int ReadFrames(Span<float> interleaved)
    {
        if (_ended)
        {
            return 0;
        }

        try
        {
            var read = _reader.ReadFrames(interleaved);
            _ended = read == 0;
            return read;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _ended = true;
            return 0;
        }
    }

    public void Dispose() => _reader.Dispose();
}
