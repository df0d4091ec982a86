using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>The <c>wait</c> preference of the Prefer header (RFC 7240, section 4.3).</summary>
internal static class Prefer
{
    /// <summary>Seconds that the client would like to wait; null when it does not say. What cannot be read is ignored, as the RFC asks.</summary>
    public static int? WaitSeconds(StringValues header)
    {
        foreach (var preference in header.SelectMany(line => (line ?? "").Split(',')))
        {
            // A preference may carry parameters after a semicolon; wait has none that matter.
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
