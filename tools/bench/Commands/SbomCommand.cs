using System.CommandLine;
using Multimodal.Bench.Sbom;
using Multimodal.Tool.Common;

namespace Multimodal.Bench.Commands;

/// <summary><c>bench sbom</c>: completes the licences of a bill of materials and checks them.</summary>
internal static class SbomCommand
{
    public static Command Create()
    {
        var packages = new Option<FileInfo>("--packages") { Description = "Bill of materials of the CycloneDX tool.", Required = true };
        var licences = new Option<FileInfo>("--licences") { Description = "Allowed and reviewed licences.", Required = true };
        var output = new Option<FileInfo>("--out") { Description = "File to write.", Required = true };
        var command = new Command("sbom", "Complete the licences of a bill of materials; exit 1 if one is not allowed.") { packages, licences, output };
        command.SetAction(async (parse, cancel) =>
        {
            var bill = BillOfMaterials.Parse(await File.ReadAllTextAsync(parse.GetRequiredValue(packages).FullName, cancel));
            var list = LicenceList.Parse(await File.ReadAllTextAsync(parse.GetRequiredValue(licences).FullName, cancel));
            bill.AddReviewed(list);
            var file = parse.GetRequiredValue(output);
            await File.WriteAllTextAsync(file.FullName, bill.ToString(), cancel);
            var problems = bill.Problems(list).ToArray();
            foreach (var problem in problems)
            {
                Terminal.Line($"{problem}");
            }

            Terminal.Line($"{file.FullName}: {bill.Count} packages, {problems.Length} problems");
            return problems.Length == 0 ? 0 : 1;
        });
        return command;
    }
}
