namespace SegNeXt.Cli.Tests;

public class UsageTests
{
    [Fact]
    public void NoCommand_IsRefused() => CommandRun.Of().ShouldBeRefused("no command", "segnext --help");

    [Theory]
    [InlineData("inof", "did you mean 'info'?")]
    [InlineData("frobnicate", "no command 'frobnicate'")]
    [InlineData("--verison", "did you mean '--version'?")]
    public void UnknownCommand_IsRefusedWithTheNearestKnown(string word, string expected) =>
        CommandRun.Of(word).ShouldBeRefused(expected, "segnext --help");

    [Theory]
    [InlineData("--modle", "t", "did you mean '--model'?")]
    [InlineData("--zzz", "t", "no option '--zzz'")]
    [InlineData("--model", "x", "--model is 'x'; expected t, s, b, l, segformer-b0")]
    [InlineData("--classes", "0", "--classes is '0'; expected a whole number from 1")]
    [InlineData("--classes", "many", "--classes is 'many'")]
    [InlineData("--size", "512", "--size is '512'; expected rows x columns such as 512x512")]
    [InlineData("--size", "0x5", "--size is '0x5'")]
    public void WrongOption_IsRefusedWithWhatWasExpected(string option, string value, string expected) =>
        CommandRun.Of("info", option, value).ShouldBeRefused(expected, "segnext info --help");

    [Fact]
    public void MissingValue_IsRefused() => CommandRun.Of("info", "--classes").ShouldBeRefused("--classes", "segnext info --help");

    [Fact]
    public void SurplusArgument_IsRefused() => CommandRun.Of("info", "surplus").ShouldBeRefused("info takes no further argument 'surplus'");

    [Fact]
    public void Version_IsPrinted()
    {
        CommandRun run = CommandRun.Of("--version");
        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Matches(@"^segnext \d+\.\d+\.\d+\s*$", run.Output);
    }

    [Fact]
    public void Help_OfEveryCommand_ShowsItsOptionsAndAnExample()
    {
        Terminal terminal = new(TextWriter.Null, TextWriter.Null, false, false, CancellationToken.None);
        string general = CommandRun.Of("--help").Output;
        foreach (CliCommand command in Commands.All(terminal))
        {
            Assert.Contains($"  {command.Name} ", general, StringComparison.Ordinal);
            CommandRun run = CommandRun.Of(command.Name, "--help");
            Assert.Equal(ExitCode.Done, run.Code);
            Assert.Empty(run.Error);
            Assert.All(command.Options, option => Assert.Contains(option.Name, run.Output, StringComparison.Ordinal));
            Assert.Contains($"  segnext {command.Name}", run.Output[run.Output.IndexOf("Example", StringComparison.Ordinal)..], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Examples_OfEveryCommand_AreValidLines()
    {
        Terminal terminal = new(TextWriter.Null, TextWriter.Null, false, false, CancellationToken.None);
        foreach (CliCommand command in Commands.All(terminal))
        {
            Assert.All(command.Examples, example => Assert.Empty(command.Parse(example).Errors));
        }
    }
}
