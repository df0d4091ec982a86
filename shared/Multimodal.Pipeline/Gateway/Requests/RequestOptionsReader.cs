using System.Text.Json;
using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Reads the <c>options</c> object and reports all errors at once, by path.</summary>
internal static class RequestOptionsReader
{
    private const int MaxNameLength = 100;

    /// <summary>The names of all options.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["ensemble", "gateVersion", "strategy", "k", "price", "budget", "experts", "fusion", "priority", "deadlineMs", "subscription"];

    /// <param name="options">The options to add to.</param>
    /// <param name="json">The value of <c>options</c>.</param>
    /// <param name="maxDeadlineMs">The longest deadline allowed.</param>
    /// <param name="errors">Receives one message per error, by path.</param>
    /// <returns>The options; only valid if no error was added.</returns>
    public static MultimodalRequestOptions Read(
        MultimodalRequestOptions options, JsonElement json, int maxDeadlineMs, IDictionary<string, string> errors)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors["options"] = "must be a JSON object";
            return options;
        }

        foreach (var property in json.EnumerateObject())
        {
            var value = property.Value;
            if (value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            options = property.Name switch
            {
                "ensemble" => options with { Ensemble = Name(property, errors) },
                "gateVersion" => options with { GateVersion = Name(property, errors) },
                "strategy" => options with { Strategy = Name(property, errors) },
                "fusion" => options with { Fusion = Name(property, errors) },
                "subscription" => options with { Subscription = SubscriptionName(property, errors) },
                "k" => options with { K = Integer(property, 1, 1000, errors) },
                "price" => options with { Price = Number(property, 0, 1, errors) },
                "priority" => options with { Priority = PriorityOf(property, errors) },
                "budget" => options with { Budget = Number(property, 0, 1e9, errors) },
                "deadlineMs" => options with { DeadlineMs = Integer(property, 1, maxDeadlineMs, errors) },
                "experts" => options with { Experts = ExpertNames(property, errors) },
                _ => Unknown(options, property.Name, errors),
            };
        }

        return options;
    }

    private static MultimodalRequestOptions Unknown(MultimodalRequestOptions options, string name, IDictionary<string, string> errors)
    {
        var shortened = name.Length <= MaxNameLength ? name : name[..MaxNameLength];
        errors[$"options.{shortened}"] = $"is not an option; the options are {string.Join(", ", Names)}";
        return options;
    }

    private static string? Name(JsonProperty property, IDictionary<string, string> errors)
    {
        if (property.Value.ValueKind == JsonValueKind.String && property.Value.GetString() is { Length: > 0 and <= MaxNameLength } name)
        {
            return name;
        }

        errors[$"options.{property.Name}"] = $"must be a string of 1 to {MaxNameLength} characters";
        return null;
    }

    /// <summary>A subscription is one word of a routing key, so it contains no dot, asterisk or hash.</summary>
    private static string? SubscriptionName(JsonProperty property, IDictionary<string, string> errors)
    {
        var name = Name(property, errors);
        if (name is not null && !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            errors[$"options.{property.Name}"] = "must contain only ASCII letters, digits, - and _";
        }

        return name;
    }

    private static Priority PriorityOf(JsonProperty property, IDictionary<string, string> errors)
    {
        foreach (var priority in Enum.GetValues<Priority>())
        {
            if (property.Value.ValueKind == JsonValueKind.String && property.Value.ValueEquals(JsonFormat.Kebab(priority)))
            {
                return priority;
            }
        }

        errors[$"options.{property.Name}"] = "must be normal or low";
        return Priority.Normal;
    }

    private static int? Integer(JsonProperty property, int min, int max, IDictionary<string, string> errors)
    {
        if (property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out var number) && number >= min && number <= max)
        {
            return number;
        }

        errors[$"options.{property.Name}"] = $"must be an integer from {min} to {max}";
        return null;
    }

    private static double? Number(JsonProperty property, double min, double max, IDictionary<string, string> errors)
    {
        if (property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetDouble(out var number) && number >= min && number <= max)
        {
            return number;
        }

        errors[$"options.{property.Name}"] = $"must be a number from {min} to {max}";
        return null;
    }

    private static List<string>? ExpertNames(JsonProperty property, IDictionary<string, string> errors)
    {
        if (property.Value.ValueKind == JsonValueKind.Array
            && property.Value.GetArrayLength() is > 0 and <= 1000
            && property.Value.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String))
        {
            return [.. property.Value.EnumerateArray().Select(entry => entry.GetString()!)];
        }

        errors[$"options.{property.Name}"] = "must be a non-empty list of expert names";
        return null;
    }
}
