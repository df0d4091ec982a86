using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Multimodal.Bench.Fuzz.Gateway;

/// <summary>The reply to a raw request.</summary>
/// <param name="Status">HTTP status; 0 if the server closed the connection or sent something else.</param>
/// <param name="Body">The body.</param>
/// <param name="CanReuse">Whether the connection can be used again.</param>
internal sealed record RawReply(int Status, byte[] Body, bool CanReuse)
{
    /// <summary>The connection was closed without a reply.</summary>
    public static RawReply Closed { get; } = new(0, [], false);

    /// <summary>
    /// Whether the service failed. 501 and 505 blame the request, for a transfer coding or a version of HTTP that the server does not have.
    /// </summary>
    public bool IsFailure => Status >= 500 && Status is not (501 or 503 or 505);

    /// <summary>The status, with the code of a problem or the status of an answer.</summary>
    public string Outcome => Status == 0 ? "closed" : $"{Status.ToString(CultureInfo.InvariantCulture)} {Detail()}".TrimEnd();

    private string Detail()
    {
        if (Body.Length == 0 || Body[0] != '{')
        {
            return "";
        }

        try
        {
            using var json = JsonDocument.Parse(Body);
            return json.RootElement.TryGetProperty("code", out var code) ? code.ToString()
                : json.RootElement.TryGetProperty("status", out var status) ? status.ToString()
                : "";
        }
        catch (JsonException)
        {
            return Encoding.Latin1.GetString(Body.AsSpan(0, Math.Min(Body.Length, 20)));
        }
    }
}
