using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>The header of a part of a form.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="FileName">The file's name; null if the part is not a file, empty if no file was chosen.</param>
/// <param name="Charset">The declared charset; null for none.</param>
/// <param name="TransferEncoding">The Content-Transfer-Encoding; null for none.</param>
internal sealed record PartHeader(string Name, string? FileName, string? Charset, string? TransferEncoding)
{
    /// <summary>Reads the header.</summary>
    /// <returns>Null without the name of a field.</returns>
    public static PartHeader? Read(MultipartSection section)
    {
        var disposition = Parameters(section.ContentDisposition ?? "");
        if (disposition.GetValueOrDefault("name") is not { Length: > 0 } name)
        {
            return null;
        }

        var charset = MediaTypeHeaderValue.TryParse(section.ContentType, out var type) && type.Charset.Length > 0 ? type.Charset.ToString() : null;
        var encoding = section.Headers?.TryGetValue("Content-Transfer-Encoding", out var values) == true ? values.ToString() : null;
        return new PartHeader(name, disposition.GetValueOrDefault("filename*") ?? disposition.GetValueOrDefault("filename"), charset, encoding);
    }

    /// <summary>
    /// Reads the parameters of a Content-Disposition header. The framework's parser refuses file names with unescaped quotes, which clients send. Here a
    /// quoted value ends at the quote that the next parameter or the end follows. File names are not used, except whether they are empty.
    /// </summary>
    internal static Dictionary<string, string> Parameters(string header)
    {
        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var rest = header.AsSpan();
        rest = rest.IndexOf(';') is >= 0 and var first ? rest[(first + 1)..] : default;
        while ((rest = rest.TrimStart("; \t")).Length > 0)
        {
            var equals = rest.IndexOf('=');
            if (equals < 0)
            {
                break;
            }

            var name = rest[..equals].Trim().ToString();
            rest = rest[(equals + 1)..].TrimStart();
            var length = rest is ['"', ..] ? QuotedLength(rest) : rest.IndexOf(';') is >= 0 and var end ? end : rest.Length;
            parameters.TryAdd(name, rest is ['"', ..] ? Unquote(rest[..length]) : rest[..length].Trim().ToString());
            rest = rest[length..];
        }

        return parameters;
    }

    /// <summary>The length of a quoted value with its quotes.</summary>
    private static int QuotedLength(ReadOnlySpan<char> text)
    {
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"' && IsEnd(text[(i + 1)..]))
            {
                return i + 1;
            }
        }

        return text.Length;
    }

    /// <summary>Whether nothing follows a value, or a semicolon and the name of a parameter.</summary>
    private static bool IsEnd(ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart();
        if (rest is not [';', ..])
        {
            return rest.Length == 0;
        }

        rest = rest.TrimStart("; \t");
        var name = rest.IndexOfAnyExcept(ParameterName);
        return rest.Length == 0 || (name > 0 && rest[name..].TrimStart() is ['=', ..]);
    }

    /// <summary>Removes the quotes and the backslash before a quote. Other backslashes belong to paths of Windows.</summary>
    private static string Unquote(ReadOnlySpan<char> quoted)
    {
        var inner = quoted.Length >= 2 && quoted[^1] == '"' ? quoted[1..^1] : quoted[1..];
        return new StringBuilder().Append(inner).Replace("\\\"", "\"").ToString();
    }

    private static readonly System.Buffers.SearchValues<char> ParameterName =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_*");
}
