using System.Reflection;
using System.Text.Json;

namespace Multimodal.Contracts.Versions;

/// <summary>The names of enum values in messages, and the versions that read them.</summary>
public static class MessageEnum
{
    /// <summary>The value as which a reader takes an unknown name; null if such a message is unreadable.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    public static T? Fallback<T>()
        where T : struct, Enum => Table<T>.Fallback;

    /// <summary>The name in messages, for example <c>not-chosen</c>; null for a number that is no value of the enum.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    public static string? NameOf<T>(T value)
        where T : struct, Enum => Table<T>.Names.GetValueOrDefault(value);

    /// <summary>Reads a name.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    /// <returns>Null for an unknown name.</returns>
    public static T? Read<T>(string name)
        where T : struct, Enum => Table<T>.Values.TryGetValue(name, out var value) ? value : null;

    /// <summary>Whether processes of a message version can read a value.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    public static bool IsRead<T>(T value, int version)
        where T : struct, Enum => !Table<T>.Since.TryGetValue(value, out var since) || since.Version <= version;

    /// <summary>Returns the value, or the one that readers of an older version get instead.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="version">The reader's message version.</param>
    public static T For<T>(T value, int version)
        where T : struct, Enum
    {
        while (!IsRead(value, version))
        {
            value = (T)Table<T>.Since[value].Before;
        }

        return value;
    }

    private static class Table<T>
        where T : struct, Enum
    {
        static Table()
        {
            foreach (var field in typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                var value = (T)field.GetValue(null)!;
                Names[value] = JsonNamingPolicy.KebabCaseLower.ConvertName(field.Name);
                Values[Names[value]] = value;
                if (field.GetCustomAttribute<SinceAttribute>() is { } since)
                {
                    Since[value] = since;
                }

                if (field.GetCustomAttribute<FallbackAttribute>() is not null)
                {
                    Fallback = value;
                }
            }
        }

        public static Dictionary<T, SinceAttribute> Since { get; } = [];

        public static Dictionary<T, string> Names { get; } = [];

        public static Dictionary<string, T> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

        public static T? Fallback { get; }
    }
}
