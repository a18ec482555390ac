using SegNeXt.Cli;

return CommandLine.Run(args);
