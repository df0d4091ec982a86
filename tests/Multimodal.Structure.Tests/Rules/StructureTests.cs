using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Multimodal.Structure.Folders;
using Multimodal.Structure.Reports;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Tests.Rules;

/// <summary>The rules of <c>make structure</c>, and the projects that may use RabbitMQ.Client.</summary>
public sealed class StructureTests(CompiledCheckout compiled) : IClassFixture<CompiledCheckout>
{
    private const string BrokerFolder = "shared/Multimodal.Pipeline/Messaging/RabbitMq/";

    [Fact]
    public void Checkout_Structure_HasNoViolation()
    {
        var table = FolderTable.Parse(File.ReadAllText(compiled.Checkout.ArchitecturePage));

        var reports = compiled.Projects.Select(project => ProjectReport.Of(project, FolderGraph.Of(project), table)).ToArray();

        Assert.Contains(reports, report => report is { Name: "Multimodal.Pipeline", Folders: > 10 });
        Assert.Empty(reports.SelectMany(report => report.Violations).Select(violation => violation.ToString()));
    }

    [Fact]
    public void RabbitMqClient_IsUsed_InItsFolderAlone()
    {
        var uses = compiled.Projects
            // The library for MassTransit clients uses the exchange type names of RabbitMQ.Client.
            .Where(project => project is { Area: "shared" or "services" or "examples" } && project.Name != "Multimodal.MassTransit")
            .SelectMany(project => project.Files.SelectMany(file => BrokerUses(file, project.ModelOf(file))))
            .ToLookup(place => place.File.StartsWith(BrokerFolder, StringComparison.Ordinal));

        Assert.NotEmpty(uses[true]);
        Assert.Empty(uses[false].DistinctBy(place => place.File).Select(place => place.ToString()));
    }

    private static IEnumerable<Place> BrokerUses(SyntaxTree file, SemanticModel model) => file.GetRoot().DescendantNodes()
        .OfType<SimpleNameSyntax>()
        .Where(name => name is not IdentifierNameSyntax { IsVar: true } && IsOfTheBroker(model.GetSymbolInfo(name).Symbol))
        .Select(Place.Of);

    private static bool IsOfTheBroker(ISymbol? symbol) =>
        symbol?.ContainingNamespace?.ToDisplayString().StartsWith("RabbitMQ.Client", StringComparison.Ordinal) ?? false;
}
