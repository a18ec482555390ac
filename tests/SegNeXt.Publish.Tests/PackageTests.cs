using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SegNeXt.Core;
using SegNeXt.Data;
using SegNeXt.TestUtilities;

namespace SegNeXt.Publish.Tests;

/// <summary>The packages, and a program elsewhere that has nothing but them.</summary>
[Collection(PublishTest.Name)]
public sealed partial class PackageTests(BuildFolder build) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void Packages_InANewProgram_SegmentAPicture()
    {
        string packages = build.Pack();
        CheckContents(packages, "SegNeXt.Core");
        CheckContents(packages, "SegNeXt.Kernels");
        CheckContents(packages, "SegNeXt.Data", "SegNeXt.Core");
        string version = CheckContents(packages, "SegNeXt.Inference", "SegNeXt.Core", "SegNeXt.Kernels");
        Assert.Equal(8, Directory.GetFiles(packages).Length);

        (RgbImage image, LabelMap expected) = PublishTest.Street();
        PngWriter.WriteRgb(_folder.File("street.jpg"), image);
        File.Copy(PublishTest.Model, _folder.File("segnext-t-camvid.safetensors"));
        WriteProgram(packages, version);
        DotnetTool.RunIn(_folder.Path, "build", "-c", "Release", "-o", "out");
        ProgramRun run = ProgramRun.Of("dotnet", ["out/program.dll"], _folder.Path, static _ => { });

        Assert.True(run.Code == 0, run.Said);
        Assert.Equal(expected.Ids, ImageFile.ReadLabel(_folder.File("mask.png")).Ids);
    }

    /// <summary>A console program whose code is the README's, and which sees the new packages alone, in a package folder of its own.</summary>
    private void WriteProgram(string packages, string version)
    {
        Match code = CSharpBlock().Match(File.ReadAllText(Path.Combine(TestPaths.Repository, "README.md")));
        Assert.True(code.Success, "README.md has no C# block.");
        File.WriteAllText(_folder.File("Program.cs"), code.Groups[1].Value);
        File.WriteAllText(_folder.File("program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="SegNeXt.Inference" Version="{version}" />
                <PackageReference Include="SegNeXt.Data" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(_folder.File("nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources>
                <clear />
                <add key="local" value="{packages}" />
              </packageSources>
            </configuration>
            """);
    }

    /// <summary>Checks what a package holds and says of itself, and gives its version.</summary>
    private static string CheckContents(string folder, string id, params string[] leansOn)
    {
        string file = Assert.Single(Directory.GetFiles(folder, $"{id}.*.nupkg"));
        using ZipArchive package = ZipFile.OpenRead(file), symbols = ZipFile.OpenRead(Path.ChangeExtension(file, ".snupkg"));
        string[] names = [.. package.Entries.Select(static entry => entry.FullName)];
        Assert.Contains($"lib/net10.0/{id}.dll", names);
        Assert.Contains($"lib/net10.0/{id}.xml", names);
        Assert.Contains("README.md", names);
        Assert.Contains($"lib/net10.0/{id}.pdb", symbols.Entries.Select(static entry => entry.FullName));

        using Stream stream = package.GetEntry($"{id}.nuspec")!.Open();
        XElement nuspec = XDocument.Load(stream).Root!;
        string Value(string name) => nuspec.Descendants().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.NotEmpty(Value("tags"));
        Assert.NotEmpty(Value("description"));
        Assert.Equal(
            leansOn, nuspec.Descendants().Where(static element => element.Name.LocalName == "dependency").Select(static element => element.Attribute("id")!.Value).Order());
        return Value("version");
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharpBlock();
}
