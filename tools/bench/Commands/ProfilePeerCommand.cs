using System.CommandLine;
using Multimodal.Bench.Profile;
using Multimodal.Inference.Media;
using Multimodal.Inference.Packages;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench profile-peer</c>: the bare program that <c>bench profile</c> starts. Exits when its standard input closes.</summary>
internal static class ProfilePeerCommand
{
    public static Command Create()
    {
        var address = new Argument<string>("address") { Description = "The address to serve." };
        var ensemble = new Option<DirectoryInfo>("--ensemble") { Description = "Folder of the ensemble.", Required = true };
        var database = new Option<FileInfo>("--database") { Description = "SQLite file to create.", Required = true };
        var command = new Command("profile-peer", "The bare program of `bench profile`.") { address, ensemble, database };
        command.Hidden = true;
        command.SetAction((parse, cancel) => RunAsync(
            parse.GetRequiredValue(address), parse.GetRequiredValue(ensemble), parse.GetRequiredValue(database), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string address, DirectoryInfo ensemble, FileInfo database, CancellationToken cancellationToken)
    {
        var experts = EnsemblePackageReader.Read(ensemble.FullName, new MediaOptions()).OrThrow().Experts;
        var models = experts.ToDictionary(expert => expert.Package.Name, expert => new BareModel(expert.Package));
        using var service = new BareService(models, database.FullName);
        await service.RunAsync(address, cancellationToken);
        foreach (var model in models.Values)
        {
            model.Dispose();
        }

        return 0;
    }
}
