using System.Globalization;
using Microsoft.AspNetCore.Http;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Answers;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Keys;
using Multimodal.Pipeline.Gateway.Store;

namespace Multimodal.Pipeline.Gateway.Requests;

/// <summary>Finds the result of a request, or waits for it as long as the client wants.</summary>
internal sealed class ResultReader(RequestStore store, ResultWaiters waiters, DrainToken drain, HttpOptions options, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Registers for a result; to miss none, register before <see cref="FindAsync"/>.</summary>
    public ResultWaiters.Registration Register(Guid id) => waiters.Register(id);

    /// <summary>The caller's stored request; null if the caller's tenant has none with this id.</summary>
    public Task<StoredRequest?> FindAsync(HttpContext http, Guid id) => store.FindAsync(Caller.Of(http).Tenant, id, http.RequestAborted);

    /// <summary>
    /// Waits for the result as long as the client's <c>Prefer: wait</c> says. This gateway is told of results that it recorded and of those whose
    /// request it accepted; it finds all others by polling the store.
    /// </summary>
    /// <returns>Null if the result did not come in time, or the client does not want to wait.</returns>
    public async Task<string?> WaitAsync(HttpContext http, Guid id, ResultWaiters.Registration registration)
    {
        if (Prefer.WaitSeconds(http.Request.Headers["Prefer"]) is not { } wanted)
        {
            return null;
        }

        var seconds = Math.Min(wanted, options.MaxWaitSeconds);
        http.Response.Headers["Preference-Applied"] = string.Create(CultureInfo.InvariantCulture, $"wait={seconds}");
        var (start, timeout) = (time.GetTimestamp(), TimeSpan.FromSeconds(seconds));
        while (timeout - time.GetElapsedTime(start) is { } left && left > TimeSpan.Zero && !drain.IsOver)
        {
            var result = await registration.WaitAsync(left < PollInterval ? left : PollInterval, time, http.RequestAborted) ?? (await FindAsync(http, id))?.Result;
            if (result is not null)
            {
                return result;
            }
        }

        return null;
    }
}
