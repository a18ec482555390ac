using System.Globalization;
using SegNeXt.Data;
using SegNeXt.ServeLoad;

// SegNeXt.ServeLoad URL [SECONDS [WIDTHxHEIGHT [QUERY]]]: a rendered street, sent to a running server.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Uri server = new(args[0]);
double seconds = args.Length > 1 ? double.Parse(args[1]) : 60;
int[] size = [.. (args.Length > 2 ? args[2] : "480x360").Split('x').Select(int.Parse)];
string query = args.Length > 3 ? args[3] : "";
byte[] picture = JpegWriter.Encode(StreetScenes.Render(1, size[0], size[1]).Image, 90);
using LoadGenerator load = new(server, picture, query);

await load.CapacityAsync(TimeSpan.FromSeconds(Math.Min(8, seconds)));
double capacity = await load.CapacityAsync(TimeSpan.FromSeconds(Math.Min(10, seconds)));
Console.WriteLine($"capacity     {capacity:0.0} pictures/s of {size[0]}x{size[1]}, four clients");
LoadReport report = await load.RunAsync(2 * capacity, TimeSpan.FromSeconds(seconds));
Console.WriteLine($"at 2x        {report.Sent} requests in {report.Seconds:0.0} s, {report.HeldBack} held back");
foreach (int status in report.Answers.Select(static answer => answer.Status).Distinct().Order())
{
    Console.WriteLine(
        $"{(status == 0 ? "no answer" : $"status {status}"),-12} {report.Count(status)}, {report.Count(status) / report.Seconds:0.0} a second; median {report.Milliseconds(status, 0.5):0} ms, 99 % {report.Milliseconds(status, 0.99):0} ms");
}

int third = Math.Max(1, report.Memory.Length / 3);
Console.WriteLine($"memory, MB   {report.Memory[0]:0} before; mean of the thirds {string.Join(", ", report.Memory.Chunk(third).Take(3).Select(static part => part.Average().ToString("0")))}; most {report.Memory.Max():0}");
return report.Answers.All(static answer => answer.Status is 200 or 429 or 503) ? 0 : 1;
