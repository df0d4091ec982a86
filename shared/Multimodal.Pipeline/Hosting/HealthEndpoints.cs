using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Probes for whatever runs the process.</summary>
internal static class HealthEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Ok(new Health("live")))
            .WithName("GetLive")
            .WithTags("health")
            .AllowAnonymous()
            .WithSummary("Is the process alive?")
            .WithDescription("200 as long as the process can answer at all.")
            .Produces<Health>();
        routes.MapGet("/health/ready", (Readiness readiness) =>
                readiness.IsReady ? Results.Ok(new Health("ready")) : Problems.NotReady(readiness, 1))
            .WithName("GetReady")
            .WithTags("health")
            .AllowAnonymous()
            .WithSummary("Can it take requests?")
            .WithDescription("200 once the models are loaded and warm and what an earlier process accepted is under way again; 503 before, and while the broker is away.")
            .Produces<Health>()
            .ProducesProblem(503);
    }
}
