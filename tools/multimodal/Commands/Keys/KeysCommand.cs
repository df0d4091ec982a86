using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Tool.Commands.Keys;

/// <summary><c>multimodal keys</c>: API keys. A key is printed once and not stored; the settings contain its SHA-256.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "API keys with tenant and rate limit.") { New() };

    private static Command New()
    {
        var name = new Argument<string>("name")
        {
            Description = "Name of the key in the settings: 1 to 100 ASCII letters, digits, - and _.",
        };
        var tenant = new Option<string>("--tenant")
        {
            Description = "Tenant whose requests and results the key can access.",
            DefaultValueFactory = _ => "default",
        };
        var rate = new Option<double?>("--rate") { Description = "Maximum requests per second, 0.001 to 100000; default: no limit." };
        var burst = new Option<int?>("--burst")
        {
            Description = "Maximum burst of requests, 1 to 100000; default: one second of the rate.",
        };
        var command = new Command("new", "Create a key and print it once, with the settings to configure.") { name, tenant, rate, burst };
        name.Validators.Add(result => CheckName(result, "name"));
        tenant.Validators.Add(result => CheckName(result, "--tenant"));
        command.Validators.Add(result =>
        {
            if (result.GetValue(rate) is not (null or (>= 0.001 and <= 100_000)))
            {
                result.AddError("--rate must be from 0.001 to 100000.");
            }

            if (result.GetValue(burst) is { } requests && (requests is < 1 or > 100_000 || result.GetValue(rate) is null))
            {
                result.AddError("--burst must be from 1 to 100000 and requires --rate.");
            }
        });
        command.SetAction(parse =>
        {
            Write(parse.InvocationConfiguration.Output, parse.GetRequiredValue(name), parse.GetRequiredValue(tenant), parse.GetValue(rate), parse.GetValue(burst));
            return 0;
        });
        return command;
    }

    private static void CheckName(SymbolResult result, string what)
    {
        // No token: the option has its default, or the parser reports the missing argument.
        if (result.Tokens is [var token] && !ApiKey.IsName(token.Value))
        {
            result.AddError($"{what} must be 1 to 100 ASCII letters, digits, - and _.");
        }
    }

    /// <summary>Writes plain lines, because users copy them into files.</summary>
    private static void Write(TextWriter output, string name, string tenant, double? rate, int? burst)
    {
        var key = ApiKey.New();
        output.WriteLine("The key, which is shown only once. Clients send it as 'Authorization: Bearer KEY':");
        output.WriteLine($"  {key}");
        output.WriteLine("The settings for the gateway (or all-in-one); they contain only a hash of the key:");
        foreach (var (setting, value) in new (string, object?)[]
        {
            ("Sha256", ApiKey.Sha256(key)), ("Tenant", tenant), ("RequestsPerSecond", rate), ("Burst", burst),
        }.Where(setting => setting.Item2 is not null))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Multimodal__Keys__{name}__{setting}={value}"));
        }
    }
}
