using System.CommandLine;
using System.Net;
using System.Text.Json;
using Multimodal.Tool.Common;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal explain</c>: shows how an answer came about, from a running service or a saved answer.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        var id = new Argument<string?>("id") { Description = "The request's id.", Arity = ArgumentArity.ZeroOrOne };
        var url = new Option<string>("--url")
        {
            Description = "Address of the service.",
            DefaultValueFactory = _ => "http://127.0.0.1:8080",
        };
        url.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out _))
            {
                result.AddError("--url must be an absolute address such as http://127.0.0.1:8080.");
            }
        });
        var key = new Option<string?>("--key")
        {
            Description = "API key, if the service requires one.",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("MULTIMODAL_API_KEY"),
        };
        var file = new Option<FileInfo?>("--file") { Description = "A saved answer, instead of an id." };
        var command = new Command(
            "explain", "Explain an answer: the opinions, their contributions, and the reasons why other experts were not asked.")
        {
            id, url, key, file,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(id) is null == result.GetValue(file) is null)
            {
                result.AddError("Give either the id of a request or --file.");
            }
        });
        command.SetAction(async (parse, cancel) => parse.GetValue(file) is { } saved
            ? Draw(await File.ReadAllTextAsync(saved.FullName, cancel))
            : await AskAsync(new Uri(parse.GetRequiredValue(url)), parse.GetValue(key), parse.GetValue(id)!, cancel));
        return command;
    }

    private static async Task<int> AskAsync(Uri url, string? key, string id, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = url };
        if (!string.IsNullOrEmpty(key))
        {
            http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        }

        try
        {
            using var response = await http.GetAsync(new Uri($"v1/requests/{Uri.EscapeDataString(id)}", UriKind.Relative), cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return Draw(body);
            }

            Terminal.Line($"[red]{url} returned {(int)response.StatusCode} for request {id}.[/]");
            return 1;
        }
        catch (HttpRequestException exception)
        {
            Terminal.Line($"[red]{url} cannot be reached: {exception.Message}[/]");
            return 1;
        }
    }

    private static int Draw(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            if (answer.RootElement.TryGetProperty("experts", out _))
            {
                ExplainView.Write(answer.RootElement);
                return 0;
            }

            Terminal.Line($"The request has no answer yet, or the file is not an answer.");
        }
        catch (JsonException exception)
        {
            Terminal.Line($"[red]Not an answer: {exception.Message}[/]");
        }

        return 1;
    }
}
