using Multimodal.Contracts.Requests;
using Multimodal.Contracts.Values;
using Multimodal.Pipeline.Core;
using Multimodal.Testing;

namespace Multimodal.Pipeline.Tests.Docs;

public sealed class ClientsTablesTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFiles.At("docs", "clients.md"));

    public static TheoryData<string> Words() =>
    [
        .. Enum.GetValues<ExpertState>().Select(state => JsonFormat.Kebab(state)),
        .. Enum.GetValues<SkipReason>().Select(reason => JsonFormat.Kebab(reason)),
        .. Enum.GetValues<DeclineReason>().Select(reason => JsonFormat.Kebab(reason)),
        .. typeof(MultimodalRequestOptions).GetProperties().Select(property => char.ToLowerInvariant(property.Name[0]) + property.Name[1..]),
    ];

    [Theory]
    [MemberData(nameof(Words))]
    public void OptionsAndStates_EveryWord_IsExplained(string word) => Assert.Contains($"`{word}`", Page, StringComparison.Ordinal);
}
