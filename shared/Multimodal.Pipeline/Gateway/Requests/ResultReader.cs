using System.Globalization;
using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Finds the result of a request or waits for it.</summary>
internal sealed class ResultReader(RequestStore store, ResultWaiters waiters, DrainToken drain, HttpOptions options, TimeProvider time)
{
    private static readonly TimeSpan StepTime = TimeSpan.FromMilliseconds(500);

    /// <summary>Registers for a result. Register before <see cref="FindAsync"/>, so that no result is missed.</summary>
    public ResultWaiters.Registration Register(Guid id) => waiters.Register(id);

    /// <summary>Finds the caller's request; null if the tenant has none with this id.</summary>
    public Task<StoredRequest?> FindAsync(HttpContext http, Guid id) => store.FindAsync(Caller.Of(http).Tenant, id, http.RequestAborted);

    /// <summary>
    /// Waits for the result as long as <c>Prefer: wait</c> asks. The waiter is notified of all results: of those that this gateway recorded, of those of its
    /// own requests, and of all others by one poll of the store for all waiters.
    /// </summary>
    /// <returns>Null if the result did not arrive in time or the client does not want to wait.</returns>
    public async Task<string?> WaitAsync(HttpContext http, Guid id, ResultWaiters.Registration registration)
    {
        if (Prefer.WaitSeconds(http.Request.Headers["Prefer"]) is not { } requested)
        {
            return null;
        }

        var seconds = Math.Min(requested, options.MaxWaitSeconds);
        http.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={seconds}");
        var (start, timeout) = (time.GetTimestamp(), TimeSpan.FromSeconds(seconds));
        while (timeout - time.GetElapsedTime(start) is { } left && left > TimeSpan.Zero && !drain.IsOver)
        {
            // In steps, so that a shutdown ends the wait.
            if (await registration.WaitAsync(left < StepTime ? left : StepTime, time, http.RequestAborted) is { } result)
            {
                return result;
            }
        }

        // After a lost connection to the store, a result can be stored without a notification.
        return (await FindAsync(http, id))?.Result;
    }
}
