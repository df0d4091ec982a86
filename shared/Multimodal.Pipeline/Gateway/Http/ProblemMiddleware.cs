using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Multimodal.Pipeline.Core;

namespace Multimodal.Pipeline.Gateway.Http;

/// <summary>Writes problem+json for refusals that no endpoint produced: unknown routes, unreadable bodies, exceptions.</summary>
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
        catch (Exception exception) when (ClientAbort.Explains(exception, http))
        {
            // An accepted request continues without its client. Closing an event stream is how a client ends it.
            LogAborted(http.Request.Method, http.GetEndpoint()?.DisplayName);
            if (!http.Response.HasStarted)
            {
                await Problems.ClientClosed().ExecuteAsync(http);
            }
        }
        catch (RefusedBodyException exception) when (!http.Response.HasStarted)
        {
            await exception.Problem.ExecuteAsync(http);
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
            if (exception is not StoreUnavailableException)
            {
                LogFailed(exception, http.Request.Method, http.GetEndpoint()?.DisplayName);
            }

            await Problems.StoreUnavailable(gatewayOptions.RetryAfterSeconds).ExecuteAsync(http);
        }
        catch (StoreUnavailableException)
        {
            // A stream whose start the client has already read ends without its end, so that the client notices.
            http.Abort();
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            LogFailed(exception, http.Request.Method, http.GetEndpoint()?.DisplayName);
            await Problems.ForStatus(StatusCodes.Status500InternalServerError).ExecuteAsync(http);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client closed the connection of {Method} {Endpoint} before the response was complete.")]
    private partial void LogAborted(string method, string? endpoint);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Endpoint} failed.")]
    private partial void LogFailed(Exception exception, string method, string? endpoint);
}
