using SegNeXt.Peers;

// worker …: one engine, run on command; without it, the comparison that starts the workers.
return args is ["worker", .. var rest] ? Worker.Run(new Arguments(rest)) : new Comparison(new Arguments(args)).Run();
