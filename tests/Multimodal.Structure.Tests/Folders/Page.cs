namespace Multimodal.Structure.Tests.Folders;

/// <summary>A page with a table of folders. The first row is line 5.</summary>
internal static class Page
{
    public static string With(params string[] rows) => string.Join(
        '\n',
        ["# Architecture", "<!-- folders -->", "| project | folder | what it holds | may use |", "|---|---|---|---|", .. rows, "<!-- /folders -->", "The end.", ""]);
}
