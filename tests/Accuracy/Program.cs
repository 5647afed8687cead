// How well names are matched: prints the tables of docs/screening.md from labelled pairs and queries.
//   (no argument)          all tables, at most two minutes; also writes the two pictures into the folder given as --svg
//   pairs | list           one half of them
//   fit                    learns the weights of NameModel on the tuning half and prints them, then the tables with them
//   errors FILE TYPE [N]   the worst errors of the tuning half, to find classes of errors
//   explain TYPE A B       why two names score as they do
//   frequencies JSON DIR   counts the frequency tables anew
//   ask FILE [TYPE]        the best hits on the whole list for each name of a file
//   speed                  how long a build and a match take, and the memory
//   answers FILE [N] [scan]  every answer to every Nth query, to compare two versions of the engine with diff; "scan" asks every name
using System.Diagnostics;
using System.Globalization;
using ExternalAction.Accuracy;
using ExternalAction.Sanctions.Domain.Screening.Names;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string mode = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) ?? "all";
var watch = Stopwatch.StartNew();
NameParser.Person("Warm Up");
NameParser.Organisation("Warm Up Ltd");
Console.WriteLine($"vocabularies loaded in {watch.ElapsedMilliseconds} ms");
switch (mode)
{
    case "errors":
        Explain.Errors(args[1], args[2] == "person", args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 60);
        return;
    case "explain":
        Explain.Pair(args[1] == "person", args[2], args[3]);
        return;
    case "frequencies":
        Frequencies.Write(args[1], args[2]);
        return;
    case "answers":
        Answers.Write(args[1], args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1, args.Contains("scan"));
        return;
    case "ask":
        Ask.Print(args[1], args.Length > 2 ? args[2] : "");
        return;
    case "speed":
        Speed.Print();
        return;
    case "fit":
        Training.Run();
        break;
    default:
        break;
}

string? svgFolder = args.SkipWhile(a => a != "--svg").Skip(1).FirstOrDefault();
if (mode is "all" or "pairs" or "fit")
{
    PairLevel.Print(svgFolder);
}

if (mode is "all" or "list" or "fit")
{
    ListLevel.Print(svgFolder);
    Speed.Print();
}

Console.WriteLine($"done in {watch.Elapsed.TotalSeconds:0} s");
