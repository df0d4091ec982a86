using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>Gives every refusal that did not come from an endpoint the same form: unknown routes, unreadable bodies, failures.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, GatewayOptions gatewayOptions, HttpOptions httpOptions, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
            {
                await Problems.ForStatus(http.Response.StatusCode).ExecuteAsync(http);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; an accepted request goes on without it.
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            var problem = exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Problems.BodyTooLarge(httpOptions.MaxBodyBytes)
                : Problems.ForStatus(exception.StatusCode);
            await problem.ExecuteAsync(http);
        }
        catch (DbException exception) when (!http.Response.HasStarted)
        {
            LogFailed(exception, http.Request.Method, http.GetEndpoint()?.DisplayName);
            await Problems.StoreFailed(gatewayOptions.RetryAfterSeconds).ExecuteAsync(http);
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            LogFailed(exception, http.Request.Method, http.GetEndpoint()?.DisplayName);
            await Problems.ForStatus(StatusCodes.Status500InternalServerError).ExecuteAsync(http);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed.")]
    private partial void LogFailed(Exception exception, string method, string? endpoint);
}
