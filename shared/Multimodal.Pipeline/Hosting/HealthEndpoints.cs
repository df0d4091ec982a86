using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;

namespace Multimodal.Pipeline.Hosting;

/// <summary>Health probes for the process supervisor.</summary>
internal static class HealthEndpoints
{
    /// <summary>Adds the routes.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => Results.Ok(new Health("live")))
            .WithName("GetLive")
            .WithTags("health")
            .AllowAnonymous()
            .WithSummary("Check whether the process is alive")
            .WithDescription("Returns 200 while the process can respond.")
            .Produces<Health>();
        routes.MapGet("/health/ready", (Readiness readiness) =>
                readiness.IsReady ? Results.Ok(new Health("ready")) : Problems.NotReady(readiness, 1))
            .WithName("GetReady")
            .WithTags("health")
            .AllowAnonymous()
            .WithSummary("Check whether the process is ready")
            .WithDescription("Returns 200 once the models are loaded and warm and the requests of an earlier process are recovered. Returns 503 before that, while the broker is unreachable, and during shutdown.")
            .Produces<Health>()
            .ProducesProblem(503);
    }
}
