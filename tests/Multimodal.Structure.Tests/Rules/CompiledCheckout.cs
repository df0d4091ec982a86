using Multimodal.Structure.Checkouts;
using Multimodal.Structure.Sources;

namespace Multimodal.Structure.Tests.Rules;

/// <summary>The checkout that the tests were built from, compiled once.</summary>
public sealed class CompiledCheckout
{
    internal Checkout Checkout { get; } = Checkout.Find(AppContext.BaseDirectory);

    internal IReadOnlyList<SourceProject> Projects => field ??= Checkout.Compile();
}
