using SegNeXt.Peers;

// worker …: one engine, run on command; start-up …: how long one takes to open; without either, the comparison that starts them.
return args switch
{
    ["worker", .. var rest] => Worker.Run(new Arguments(rest)),
    ["start-up", .. var rest] => StartUp.Run(new Arguments(rest)),
    _ => new Comparison(new Arguments(args)).Run(),
};
