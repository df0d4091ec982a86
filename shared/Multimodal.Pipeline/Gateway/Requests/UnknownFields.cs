using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>
/// Decides which unknown fields of a form are ignored. A form of a web page contains buttons and tokens against forged requests, so they must not
/// refuse it. A program that writes <c>imgae</c> must learn of it. Files are never ignored, because the client expects an opinion on them.
/// </summary>
internal static class UnknownFields
{
    /// <summary>Names of buttons and of fields that web frameworks add.</summary>
    private static readonly HashSet<string> Controls = new(StringComparer.OrdinalIgnoreCase)
    {
        "submit", "button", "btn", "send", "next", "go", "reset", "commit", "action", "upload", "utf8", "MAX_FILE_SIZE", "x", "y", "form_id", "form_build_id",
    };

    private static readonly SearchValues<string> Tokens = SearchValues.Create(["csrf", "xsrf", "token", "nonce", "captcha"], StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a browser sent the request because a person submitted a form. Programs and scripts in pages do not ask for HTML.</summary>
    public static bool IsFormOfPage(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        || request.Headers["Sec-Fetch-Mode"].ToString().Equals("navigate", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a field without a file is ignored.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="isFormOfPage">Whether it belongs to a form of a web page.</param>
    public static bool IsIgnored(string name, bool isFormOfPage) =>
        Controls.Contains(name)
        || (!IsMisspelt(name) && (isFormOfPage || IsAdded(name)));

    /// <summary>What the client probably means; empty if unknown.</summary>
    public static string Hint(string name) =>
        FieldLimits.Names.FirstOrDefault(field => IsNear(name, field)) is { } field ? $" Did you mean '{field}'?"
        : IsOption(name) ? $" '{name}' is an option: send it inside the field options, which is a JSON object."
        : "";

    /// <summary>Whether a framework added the field, or a browser did for an image that is a button.</summary>
    private static bool IsAdded(string name) =>
        name.StartsWith('_')
        || name.EndsWith(".x", StringComparison.Ordinal)
        || name.EndsWith(".y", StringComparison.Ordinal)
        || name.AsSpan().ContainsAny(Tokens);

    private static bool IsMisspelt(string name) => FieldLimits.Names.Any(field => IsNear(name, field)) || IsOption(name);

    private static bool IsOption(string name) => RequestOptionsReader.Names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name differs from a field in case, or in one insertion, deletion, replacement or swap of neighbours.</summary>
    private static bool IsNear(string name, string field)
    {
        var (left, right) = (name.ToLowerInvariant(), field);
        if (Math.Abs(left.Length - right.Length) > 1)
        {
            return false;
        }

        var start = left.Zip(right).TakeWhile(pair => pair.First == pair.Second).Count();
        var end = left.Reverse().Zip(right.Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        end = Math.Min(end, Math.Min(left.Length, right.Length) - start);
        var (changedLeft, changedRight) = (left[start..^end], right[start..^end]);
        return (changedLeft.Length <= 1 && changedRight.Length <= 1)
            || (changedLeft.Length == 2 && changedRight.Length == 2 && changedLeft[0] == changedRight[1] && changedLeft[1] == changedRight[0]);
    }
}
