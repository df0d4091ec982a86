namespace Multimodal.Inference.Audio.Backends.Managed;

/// <summary>
/// A file read by libraries that throw on broken bytes, of many types and not all documented (IndexOutOfRange, NullReference,
/// DivideByZero). Any exception is the end of the sound, as it is for libsndfile.
/// </summary>
internal sealed class GuardedAudioReader : IAudioReader
{
    private readonly IAudioReader _file;
    private bool _ended;

    private GuardedAudioReader(IAudioReader file) => _file = file;

    public AudioHeader Header => _file.Header;

    /// <summary>Opens a file; null if that fails in any way.</summary>
    public static GuardedAudioReader? Open(Func<IAudioReader?> open)
    {
        try
        {
            return open() is { } file ? new GuardedAudioReader(file) : null;
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
            var read = _file.ReadFrames(interleaved);
            _ended = read == 0;
            return read;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            _ended = true;
            return 0;
        }
    }

    public void Dispose() => _file.Dispose();
}
