using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Multimodal.Pipeline.Gateway.Keys;

namespace Multimodal.Tool.Commands.Keys;

/// <summary><c>multimodal keys</c>: API keys. A key is printed once and is nowhere after that; the settings hold its SHA-256.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "API keys: who may use the service, as which tenant, how often.") { New() };

    private static Command New()
    {
        var name = new Argument<string>("name") { Description = "What the settings call the key: 1 to 100 ASCII letters, digits, - and _." };
        var tenant = new Option<string>("--tenant") { Description = "Whose requests and results the key opens.", DefaultValueFactory = _ => "default" };
        var rate = new Option<double?>("--rate") { Description = "Requests that it may post per second, 0.001 to 100000; no limit when not given." };
        var burst = new Option<int?>("--burst") { Description = "Requests that it may post at once after a pause, 1 to 100000; a second's worth when not given." };
        var command = new Command("new", "Make a key and print it, once, with the settings that make it known.") { name, tenant, rate, burst };
        name.Validators.Add(result => CheckName(result, "name"));
        tenant.Validators.Add(result => CheckName(result, "--tenant"));
        command.Validators.Add(result =>
        {
            if (result.GetValue(rate) is not (null or (>= 0.001 and <= 100_000)))
            {
                result.AddError("--rate is from 0.001 to 100000.");
            }

            if (result.GetValue(burst) is { } most && (most is < 1 or > 100_000 || result.GetValue(rate) is null))
            {
                result.AddError("--burst is from 1 to 100000, and of use only with --rate.");
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
        // Without a token it is the default, or missing, which is said elsewhere.
        if (result.Tokens is [var token] && !ApiKey.IsName(token.Value))
        {
            result.AddError($"{what} must be 1 to 100 ASCII letters, digits, - and _.");
        }
    }

    /// <summary>Plain lines: they are copied into files.</summary>
    private static void Write(TextWriter output, string name, string tenant, double? rate, int? burst)
    {
        var key = ApiKey.New();
        output.WriteLine("The key, shown this once; clients send it as 'Authorization: Bearer KEY':");
        output.WriteLine($"  {key}");
        output.WriteLine("The settings of the gateway (or all-in-one) that make it known; they do not give the key away:");
        foreach (var (setting, value) in new (string, object?)[]
        {
            ("Sha256", ApiKey.Sha256(key)), ("Tenant", tenant), ("RequestsPerSecond", rate), ("Burst", burst),
        }.Where(setting => setting.Item2 is not null))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  Multimodal__Keys__{name}__{setting}={value}"));
        }
    }
}
