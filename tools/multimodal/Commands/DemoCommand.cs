using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Multimodal.Tool.Common;
using Multimodal.Tool.Services;
using Spectre.Console;

namespace Multimodal.Tool.Commands;

/// <summary><c>multimodal demo</c>: starts a service, posts the bundled cases, prints the answers and stops the service.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var cases = new Option<DirectoryInfo>("--cases")
        {
            Description = "Folder with cases.json and its media.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("models", "digits", "samples")),
        };
        var service = new Option<string>("--service")
        {
            Description = "Path of the built all-in-one service.",
            DefaultValueFactory = _ => ServiceProcess.DefaultDll(),
        };
        var command = new Command(
            "demo", "Start a service on a free port, post the bundled cases, print the answers and stop the service.")
        {
            cases, service,
        };
        command.SetAction((parse, cancel) => RunAsync(parse.GetRequiredValue(cases), parse.GetRequiredValue(service), cancel));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo folder, string dll, CancellationToken cancellationToken)
    {
        var cases = await DemoCase.ReadAllAsync(folder, cancellationToken);
        var data = Directory.CreateTempSubdirectory("multimodal-demo-");
        try
        {
            await using var service = new ServiceProcess(dll, data.FullName, TimeProvider.System);
            Terminal.Line($"Starting the all-in-one service on [blue]{service.Address}[/] ...");
            await service.StartAsync(cancellationToken);

            var asExpected = 0;
            foreach (var (number, one) in cases.Index())
            {
                asExpected += await PostAsync(service.Http, folder, number + 1, one, cancellationToken) ? 1 : 0;
            }

            AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"demo: {asExpected} of {cases.Length} as expected"));
            return asExpected == cases.Length ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<bool> PostAsync(HttpClient http, DirectoryInfo folder, int number, DemoCase one, CancellationToken cancellationToken)
    {
        using var form = (await LoadSample.ReadAsync(folder, one, cancellationToken)).ToForm();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("v1/requests", UriKind.Relative)) { Content = form };
        request.Headers.Add("Prefer", "wait=30");
        using var response = await http.SendAsync(request, cancellationToken);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellationToken));

        AnsiConsole.WriteLine();
        Terminal.Line($"[bold]{number}. {one.Name}[/]  [grey]{one.Describe()}[/]");
        var expected = one.Expect.IsMetBy(answer.RootElement);
        AnswerView.Write(answer.RootElement);
        Terminal.Line($"   expected {one.Expect.Describe()}: {(expected ? "yes" : "NO")}");
        return expected;
    }
}
