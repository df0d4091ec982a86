using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>The <c>wait</c> preference of the Prefer header (RFC 7240, section 4.3).</summary>
internal static class Prefer
{
    /// <summary>
    /// Seconds that the client wants to wait; null if it does not say. Unreadable preferences are ignored, as the RFC requires.
    /// </summary>
    public static int? WaitSeconds(StringValues header)
    {
        foreach (var preference in header.SelectMany(line => (line ?? "").Split(',')))
        {
            // Parameters after a semicolon are allowed but have no meaning for wait.
            var parts = preference.Split(';')[0].Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2
                && parts[0].Equals("wait", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(parts[1].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return seconds;
            }
        }

        return null;
    }
}
