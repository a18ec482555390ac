using SegNeXt.Core;
using SegNeXt.RankWorker;
using SegNeXt.Torch;
using SegNeXt.Training;

// dotnet SegNeXt.RankWorker.dll SCENARIO OUT [key=value …]; the place among the ranks comes from torchrun's variables.
TorchRuntime.Threads = 1;
TorchRuntime.FlushDenormals = true;
Dictionary<string, string> options = args.Skip(2).Select(arg => arg.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
string Option(string name, string otherwise) => options.GetValueOrDefault(name, otherwise);
TimeSpan timeout = TimeSpan.FromSeconds(int.Parse(Option("timeout", "60"), System.Globalization.CultureInfo.InvariantCulture));
try
{
    using Ranks ranks = Ranks.Join(RankEnvironment.Detect(), Device.Cpu, timeout);
    return ranks.Run(() => Scenarios.Run(args[0], ranks, args[1], Option));
}
catch (RankLostException error)
{
    Console.Error.WriteLine($"{(error.IsTold ? "told" : "says")}: {error.Message}");
    return 3;
}
catch (InputException error)
{
    Console.Error.WriteLine($"fault: {error.Message}");
    return 2;
}
