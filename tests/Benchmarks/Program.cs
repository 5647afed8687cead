using System.Reflection;
using BenchmarkDotNet.Running;

// One class per hot path: dotnet run -c Release --project tests/Benchmarks -- --filter '*Tally*'
// In process: BenchmarkDotNet's own build moves the intermediate folder, which the proto compiler does not survive.
BenchmarkSwitcher.FromAssembly(Assembly.GetExecutingAssembly()).Run([.. args, "--inProcess"]);
