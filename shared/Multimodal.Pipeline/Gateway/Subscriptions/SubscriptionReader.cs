using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Webhooks;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>Reads what a client wants to subscribe to, and names every mistake.</summary>
internal sealed class SubscriptionReader(SubscriptionOptions subscriptionOptions, WebhookOptions webhookOptions, TimeProvider time)
{
    private const int MaxBody = 65_536;

    /// <summary>Reads the body.</summary>
    /// <param name="request">The HTTP request.</param>
    /// <param name="tenant">Whose subscription it will be.</param>
    public async Task<Outcome<Subscription>> ReadAsync(HttpRequest request, string tenant)
    {
        if (!request.HasJsonContentType())
        {
            return Problems.ForStatus(StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = MaxBody;
            }

            return await JsonSerializer.DeserializeAsync<SubscriptionBody>(request.Body, JsonFormat.Options, request.HttpContext.RequestAborted) is { } body
                ? Check(body, tenant)
                : Problems.Malformed("The body must be a JSON object.");
        }
        catch (JsonException exception)
        {
            return Problems.Malformed($"The JSON cannot be used at {exception.Path ?? "$"}. /openapi/v1.json says what a subscription has.");
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Problems.BodyTooLarge(MaxBody, "A subscription is a short JSON object; docs/clients.md lists its fields.");
        }
    }

    private Outcome<Subscription> Check(SubscriptionBody body, string tenant)
    {
        var errors = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!ResourceName.IsValid(body.Name))
        {
            errors["name"] = "must be 1 to 100 ASCII letters, digits, - and _";
        }

        if (body.Kind is not { } kind || !Enum.IsDefined(kind))
        {
            errors["kind"] = "must be one of " + string.Join(", ", Enum.GetValues<SubscriptionKind>().Select(JsonFormat.Kebab));
        }

        if (body.Statuses is { } statuses && (statuses.Count == 0 || !statuses.All(Enum.IsDefined)))
        {
            errors["statuses"] = "must hold at least one of " + string.Join(", ", Enum.GetValues<AnswerStatus>().Select(JsonFormat.Kebab)) + ", or be left out for all";
        }

        if (body.ExpiresSeconds is < 1 or > Subscription.MaxExpiresSeconds)
        {
            errors["expiresSeconds"] = $"must be from 1 to {Subscription.MaxExpiresSeconds}";
        }

        if (body.MaxLength is not null && body.Kind is not (null or SubscriptionKind.Queue))
        {
            errors["maxLength"] = "is for queues only";
        }
        else if (body.MaxLength is < 1 or > Subscription.MaxMaxLength)
        {
            errors["maxLength"] = $"must be from 1 to {Subscription.MaxMaxLength}";
        }

        CheckWebhook(body, errors);
        return errors.Count == 0 ? Make(body, tenant) : Problems.InvalidSubscription(errors);
    }

    private void CheckWebhook(SubscriptionBody body, SortedDictionary<string, string> errors)
    {
        if (body.Kind != SubscriptionKind.Webhook)
        {
            foreach (var (name, _) in new[] { ("url", body.Url), ("secret", body.Secret) }.Where(field => field.Item2 is not null))
            {
                errors[name] = "is for webhooks only";
            }

            return;
        }

        if (WebhookTarget.Check(body.Url, webhookOptions.AllowPrivateTargets) is { } wrong)
        {
            errors["url"] = wrong;
        }

        if (!WebhookSignature.TryReadKey(body.Secret, out _))
        {
            errors["secret"] = "must be whsec_ and the base64 of 24 to 64 random bytes";
        }
    }

    private Subscription Make(SubscriptionBody body, string tenant)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var expires = body.ExpiresSeconds ?? subscriptionOptions.ExpiresSeconds;
        var all = Enum.GetValues<AnswerStatus>();
        var wanted = all.Where(status => body.Statuses?.Contains(status) ?? true).ToArray();
        return new Subscription
        {
            Tenant = tenant,
            Name = body.Name!,
            KindText = JsonFormat.Kebab(body.Kind!.Value),
            StatusList = wanted.Length == all.Length ? "" : $",{string.Join(',', wanted.Select(JsonFormat.Kebab))},",
            ExpiresSeconds = expires,
            MaxLength = body.Kind == SubscriptionKind.Queue ? body.MaxLength ?? subscriptionOptions.MaxLength : null,
            Url = body.Url,
            Secret = body.Secret,
            CreatedAt = now,
            ExpiresAt = now + (expires * 1000L),
        };
    }
}
