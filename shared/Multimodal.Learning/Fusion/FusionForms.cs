using Multimodal.Learning.Data;

namespace Multimodal.Learning.Fusion;

/// <summary>The forms of the learned rule by name.</summary>
internal static class FusionForms
{
    private static readonly IFusionForm[] All = [new LogForm(), new DiscountForm(), new LinearForm()];

    public static NamedTable<IFusionForm> Table { get; } =
        new("fusion form", All.Select(form => KeyValuePair.Create(form.Name, form)));
}
