using Microsoft.AspNetCore.Http;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Pipeline.Gateway.Encodings;
using Multimodal.Pipeline.Gateway.Http;
using Multimodal.Pipeline.Gateway.Webhooks;

namespace Multimodal.Pipeline.Gateway.Subscriptions;

/// <summary>Reads a new subscription and reports all errors at once.</summary>
internal sealed class SubscriptionReader(SubscriptionOptions subscriptionOptions, WebhookOptions webhookOptions, TimeProvider time)
{
    private const int MaxBodyBytes = 65_536;

    public async Task<Outcome<Subscription>> ReadAsync(HttpRequest request, string tenant)
    {
        var read = await JsonBody.ReadAsync<SubscriptionBody>(request, MaxBodyBytes, "See /openapi/v1.json for the fields of a subscription.");
        return read.Value is { } body ? Check(body, tenant) : read.Problem!;
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
            errors["statuses"] = "must contain at least one of " + string.Join(", ", Enum.GetValues<AnswerStatus>().Select(JsonFormat.Kebab)) + "; omit it for all statuses";
        }

        if (body.ExpiresSeconds is < 1 or > Subscription.MaxExpiresSeconds)
        {
            errors["expiresSeconds"] = $"must be from 1 to {Subscription.MaxExpiresSeconds}";
        }

        if (body.MaxLength is not null && body.Kind is not (null or SubscriptionKind.Queue))
        {
            errors["maxLength"] = "is only valid for the kind queue";
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
                errors[name] = "is only valid for the kind webhook";
            }

            return;
        }

        if (WebhookTarget.Check(body.Url, webhookOptions.AllowPrivateTargets) is { } error)
        {
            errors["url"] = error;
        }

        if (!WebhookSignature.TryReadKey(body.Secret, out _))
        {
            errors["secret"] = "must be whsec_ followed by the base64 of 24 to 64 random bytes";
        }
    }

    private Subscription Make(SubscriptionBody body, string tenant)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var expires = body.ExpiresSeconds ?? subscriptionOptions.ExpiresSeconds;
        var all = Enum.GetValues<AnswerStatus>();
        var statuses = all.Where(status => body.Statuses?.Contains(status) ?? true).ToArray();
        return new Subscription
        {
            Tenant = tenant,
            Name = body.Name!,
            KindText = JsonFormat.Kebab(body.Kind!.Value),
            StatusList = statuses.Length == all.Length ? "" : $",{string.Join(',', statuses.Select(JsonFormat.Kebab))},",
            ExpiresSeconds = expires,
            MaxLength = body.Kind == SubscriptionKind.Queue ? body.MaxLength ?? subscriptionOptions.MaxLength : null,
            Url = body.Url,
            Secret = body.Secret,
            CreatedAt = now,
            ExpiresAt = now + (expires * 1000L),
        };
    }
}
