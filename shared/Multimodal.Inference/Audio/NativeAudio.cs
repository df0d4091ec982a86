using System.Runtime.InteropServices;

namespace Multimodal.Inference.Audio;

/// <summary>Turns a missing shared library into a message that says what to install.</summary>
internal static class NativeAudio
{
    /// <summary>Loads <paramref name="library"/> by its soname.</summary>
    /// <exception cref="DllNotFoundException">It is absent; the message names the Debian package.</exception>
    public static void Require(string library, string package)
    {
        if (!NativeLibrary.TryLoad(library, typeof(NativeAudio).Assembly, null, out _))
        {
            throw new DllNotFoundException($"{library} is not installed; on Debian and Ubuntu: apt-get install {package}");
        }
    }
}
