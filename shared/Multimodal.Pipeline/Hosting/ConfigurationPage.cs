using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Writes docs/configuration.md from the options classes: their names, defaults, ranges and comments are the only source.</summary>
public static partial class ConfigurationPage
{
    private const string Head = """
        # Configuration

        Made by `make docs` from the options classes; a test keeps it current. Every setting is a key of the service's
        `appsettings.json`, an environment variable with `__` for `:`, or an argument `--Multimodal:Key=value`. A name that does not
        exist, a value of the wrong type or out of its range stops the start; all mistakes are reported at once.

        """;

    /// <summary>The page, in Markdown.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Head);
        var comments = new[] { typeof(MultimodalOptions), typeof(Inference.Media.MediaOptions) }.Select(CommentsOf).SelectMany(found => found)
            .Where(comment => comment.Key.Contains(":Multimodal.", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        AddSection(page, MultimodalOptions.Section, typeof(MultimodalOptions), comments);
        return page.ToString();
    }

    private static void AddSection(StringBuilder page, string path, Type type, Dictionary<string, XElement> comments)
    {
        var defaults = Activator.CreateInstance(type);
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite || !IsSetting(property.PropertyType)).ToArray();
        page.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {path}").AppendLine();
        page.AppendLine(Text(comments.GetValueOrDefault($"T:{type.FullName}"), "summary"));
        if (properties.Any(property => IsSetting(property.PropertyType)))
        {
            page.AppendLine().AppendLine("| key | default | values | meaning |").AppendLine("|---|---|---|---|");
        }

        foreach (var property in properties.Where(property => IsSetting(property.PropertyType)))
        {
            var comment = comments.GetValueOrDefault($"P:{type.FullName}.{property.Name}");
            page.AppendLine(CultureInfo.InvariantCulture,
                $"| `{property.Name}` | {Default(property.GetValue(defaults))} | {Allowed().Replace(Text(comment, "value"), "")} | {Text(comment, "summary")} |");
        }

        foreach (var property in properties.Where(property => !IsSetting(property.PropertyType)))
        {
            var isMap = property.PropertyType.IsGenericType;
            AddSection(page, $"{path}:{property.Name}{(isMap ? ":<name>" : "")}", isMap ? property.PropertyType.GenericTypeArguments[^1] : property.PropertyType, comments);
        }
    }

    // A list is written as Key:0, Key:1 and so on, but it is one setting.
    private static bool IsSetting(Type type) =>
        !type.IsClass || type == typeof(string) || type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() != typeof(Dictionary<,>));

    private static string Default(object? value) => value switch
    {
        null => "none",
        "" => "empty",
        string text => $"`{text}`",
        System.Collections.IEnumerable => "empty",
        Enum name => $"`{JsonNamingPolicy.CamelCase.ConvertName(name.ToString())}`",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString("#,0.####", CultureInfo.InvariantCulture),
        _ => value.ToString()!.ToLowerInvariant(),
    };

    private static IEnumerable<KeyValuePair<string, XElement>> CommentsOf(Type type)
    {
        var file = Path.ChangeExtension(Path.Combine(AppContext.BaseDirectory, Path.GetFileName(type.Assembly.Location)), ".xml");
        return XDocument.Load(file).Descendants("member").Select(member => KeyValuePair.Create(member.Attribute("name")!.Value, member));
    }

    private static string Text(XElement? comment, string part)
    {
        var text = new StringBuilder();
        foreach (var node in comment?.Element(part)?.Nodes() ?? [])
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" } see => $"`{see.Attribute("cref")?.Value.Split('.')[^1] ?? see.Attribute("langword")?.Value}`",
                XElement other => other.Value,
                _ => "",
            });
        }

        return Spaces().Replace(text.ToString(), " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    // The default has a column of its own, filled from the class itself.
    [GeneratedRegex(@"(?:; d|^D)efault .*$")]
    private static partial Regex Allowed();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
