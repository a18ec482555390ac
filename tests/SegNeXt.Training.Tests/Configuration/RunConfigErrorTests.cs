using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Training.Tests;

public sealed class RunConfigErrorTests : IDisposable
{
    private const string Valid = "model: { size: t }\ndata: { root: x }\ntrain: { iterations: 10, batch: 2, crop: 64x96, lr: 1e-3 }\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\n\ntrain:\n  iteratons: 5\n", "4: unknown key 'train.iteratons'; did you mean 'train.iterations'?")]
    [InlineData("lr: 1", "1: unknown key 'lr'; did you mean 'train.lr'?")]
    [InlineData("trian:\n  lr: 1", "1: unknown key 'trian'; did you mean 'train'?")]
    [InlineData("train: { interval: 1 }", "1: unknown key 'train.interval'; did you mean 'eval.interval'?")]
    [InlineData("bsae: x", "1: unknown key 'bsae'; did you mean 'base'?")]
    [InlineData("data: { xyzzyplugh: 1 }", "1: unknown key 'data.xyzzyplugh'; 'data' has type, root, train_split, val_split.")]
    [InlineData("xyzzyplugh: 1", "1: unknown key 'xyzzyplugh'; the sections are model, data, train, pretrain, eval, checkpoint, log.")]
    [InlineData("train: { lr: { a: 1 } }", "1: expected a value, not a group of keys.")]
    [InlineData("train: 5", "1: 'train' is a section of keys, not a value.")]
    [InlineData("train: [1]", "1: 'train' is a section of keys, not a value.")]
    [InlineData("seed: 1\nseed: 2", "2: 'seed' is given twice, first at {file}:1.")]
    [InlineData("train: { lr: 1 }\ntrain: { lr: 2 }", "2: 'train.lr' is given twice, first at {file}:1.")]
    [InlineData("train: { lr: 1 }\ntrain.lr: 2", "2: 'train.lr' is given twice, first at {file}:1.")]
    [InlineData("train:\n\tlr: 1", "2: YAML takes no tabs at the start of a line; use spaces.")]
    [InlineData("seed: 1\n--- \nseed: 2", "2: a second document starts here; a configuration is one.")]
    [InlineData("- seed", "1: expected keys with values, such as 'train:'.")]
    [InlineData("seed", "1: expected keys with values, such as 'train:'.")]
    [InlineData("? [a]\n: 1", "1: a key must be a word.")]
    [InlineData("seed: &a 1\nthreads: *a", "2: aliases are not understood; share parts through 'base'.")]
    [InlineData("train: { betas: [[1], 2] }", "1: a list here holds plain values only.")]
    [InlineData("base: []", null)]
    [InlineData("base: {a: b}", "1: expected a value, not a group of keys.")]
    [InlineData("base:", "1: 'base' must be a path or a list of paths, not 'null'.")]
    public void Load_MisshapenFile_SaysWhereAndWhat(string yaml, string? expected)
    {
        string path = Write("x.yaml", yaml);
        string message = Message(path);
        Assert.Equal(expected is null ? $"{path}: model.size, data.root, train.iterations, train.batch, train.crop, train.lr are missing; give them in the file or with --set." : $"{path}:{expected}".Replace("{file}", path, StringComparison.Ordinal), message);
    }

    [Theory]
    [InlineData("train.lr=abc", "'train.lr' must be a number above 0, not 'abc'.")]
    [InlineData("train.lr=0", "'train.lr' must be a number above 0, not '0'.")]
    [InlineData("train.lr=NaN", "'train.lr' must be a number above 0, not 'NaN'.")]
    [InlineData("train.lr=1e999", "'train.lr' must be a number above 0, not '1e999'.")]
    [InlineData("train.lr=", "'train.lr' must be a number above 0, not 'null'.")]
    [InlineData("train.batch=2.5", "'train.batch' must be a whole number of at least 1, not '2.5'.")]
    [InlineData("train.batch=99999999999", "'train.batch' must be a whole number of at least 1, not '99999999999'.")]
    [InlineData("train.crop=512", "'train.crop' must be a size HxW such as 512x512, not '512'.")]
    [InlineData("train.crop=0x5", "'train.crop' must be a size HxW such as 512x512, not '0x5'.")]
    [InlineData("train.crop=[512, 512]", "'train.crop' must be a size HxW such as 512x512, not '[512, 512]'.")]
    [InlineData("train.photometric=1", "'train.photometric' must be true or false, not '1'.")]
    [InlineData("train.betas=0.9", "'train.betas' must be a list of two numbers from 0 up to but not 1, such as [0.9, 0.999], not '0.9'.")]
    [InlineData("train.betas=[0.9, 1]", "'train.betas' must be a list of two numbers from 0 up to but not 1, such as [0.9, 0.999], not '[0.9, 1]'.")]
    [InlineData("train.ratio_range=[2, 0.5]", "'train.ratio_range' must give the smaller number first.")]
    [InlineData("train.flip=1.5", "'train.flip' must be a number from 0 to 1, not '1.5'.")]
    [InlineData("train.precision=half", "'train.precision' must be fp32, bf16 or fp16, not 'half'.")]
    [InlineData("train.precision=int8", "'train.precision' must be fp32, bf16 or fp16, not 'int8'.")]
    [InlineData("eval.interval=0", "'eval.interval' must be a whole number of at least 1, not '0'.")]
    [InlineData("model.size=xl", "'model.size' must be t, s, b, l, segformer-b0, segformer-b1, segformer-b2, segformer-b3, segformer-b4 or segformer-b5, not 'xl'.")]
    [InlineData("model.decoder=mpl", "'model.decoder' must be ham, msca, cc, ema, nl, mlp, aspp, psp, da or null, not 'mpl'.")]
    [InlineData("model.classes=256", "'model.classes' must be a whole number from 1 to 255, or null, not '256'.")]
    [InlineData("data.root=", "'data.root' must be the path of a folder, not 'null'.")]
    [InlineData("eval.mode=slide", "'eval.mode' slide needs 'eval.crop' and 'eval.stride'.")]
    [InlineData("train.itterations=3", "unknown key 'train.itterations'; did you mean 'train.iterations'?")]
    [InlineData("base=x.yaml", "'base' stands in files only.")]
    [InlineData("train=1", "'train' is a section; name one of its keys, such as train.iterations.")]
    [InlineData("train.lr", "expected key=value, such as train.lr=1e-3.")]
    [InlineData("=1", "expected key=value, such as train.lr=1e-3.")]
    [InlineData("train.betas=[0.9", "the value is not closed or has something after its end.")]
    [InlineData("train.betas=[0.9, 0.99] 1", "the value is not closed or has something after its end.")]
    public void Load_BadOverride_NamesItAndWhatIsExpected(string set, string expected)
    {
        Assert.Equal($"--set {set}: {expected}", Message(Write("x.yaml", Valid), set));
    }

    [Theory]
    [InlineData("model.attention=lka", "model.attention")]
    [InlineData("model.branches=[7]", "model.branches")]
    [InlineData("model.gating=false", "model.gating")]
    public void Load_PartOfMscanForSegFormer_IsRefused(string set, string key) =>
        Assert.Equal($"--set {set}: '{key}' belongs to SegNeXt's encoder MSCAN, not to segformer-b0.", Message(Write("x.yaml", Valid.Replace("size: t", "size: segformer-b0", StringComparison.Ordinal)), set));

    [Fact]
    public void Load_BadValueInFile_NamesFileAndLine()
    {
        string path = Write("x.yaml", Valid + "eval:\n  mode: slide\n  crop: 64x64\n  stride: 65x64\n");
        Assert.Equal($"{path}:7: 'eval.stride' 65x64 is larger than 'eval.crop' 64x64, which would leave gaps.", Message(path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("---\n")]
    [InlineData("null")]
    public void Load_EmptyFile_SaysSo(string yaml)
    {
        string path = Write("x.yaml", yaml);
        Assert.StartsWith($"{path}: the file is empty", Message(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NotYaml_SaysSoWithLine()
    {
        string path = Write("x.yaml", "seed: 1\ntrain: { lr: 1\n");
        Assert.StartsWith($"{path}:", Message(path), StringComparison.Ordinal);
        Assert.Contains("is not YAML", Message(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFileFolderAndBinary_SaySo()
    {
        string missing = _folder.File("none.yaml");
        Assert.Equal($"{missing}: there is no such file.", Message(missing));
        Assert.Equal($"{_folder.Path}: is a folder, not a configuration file.", Message(_folder.Path));
        string binary = _folder.File("b.yaml");
        File.WriteAllBytes(binary, [0x73, 0xff, 0xfe, 0x80]);
        Assert.Equal($"{binary}: is not text in UTF-8.", Message(binary));
        string large = Write("large.yaml", new string('#', (1 << 20) + 1));
        Assert.Equal($"{large}: is larger than 1 MB and so is no configuration.", Message(large));
    }

    [Fact]
    public void Load_MissingBase_NamesTheFileThatWantsIt()
    {
        string path = Write("x.yaml", "# first\nbase: parts/none.yaml\n" + Valid);
        Assert.Equal($"{path}:2: base '{_folder.File("parts", "none.yaml")}': there is no such file.", Message(path));
    }

    [Fact]
    public void Load_BasesInACircle_AreRefused()
    {
        string a = Write("a.yaml", "base: b.yaml\n");
        string b = Write("b.yaml", "base: a.yaml\n");
        Assert.Equal($"{b}:1: base '{a}' leads back to itself.", Message(a));
        string self = Write("self.yaml", "base: [self.yaml]\n");
        Assert.Equal($"{self}:1: base '{self}' leads back to itself.", Message(self));
    }

    [Fact]
    public void Load_SameBaseTwiceWithoutACircle_IsFine()
    {
        Write("common.yaml", Valid);
        Write("left.yaml", "base: common.yaml\nseed: 1");
        Write("right.yaml", "base: common.yaml\nthreads: 2");
        RunConfig config = RunConfig.Load(Write("top.yaml", "base: [left.yaml, right.yaml]\n"), []);
        Assert.Equal((1, 2), (config.Seed, config.Threads));
    }

    [Fact]
    public void Load_UnknownKeyInABase_NamesTheBase()
    {
        string part = Write("part.yaml", "seed: 1\nlog: { intervall: 5 }");
        Assert.Equal($"{part}:2: unknown key 'log.intervall'; did you mean 'log.interval'?", Message(Write("top.yaml", "base: part.yaml\n" + Valid)));
    }

    [Fact]
    public void Load_DeeplyNestedFile_IsRefusedWithoutOverflow()
    {
        string path = Write("x.yaml", "seed: " + new string('[', 100_000));
        Assert.Equal($"{path}:1: a list here holds plain values only.", Message(path));
    }

    private static string Message(string path, params string[] sets) => Assert.Throws<InputException>(() => RunConfig.Load(path, sets)).Message;

    private string Write(string name, string yaml)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, yaml);
        return path;
    }
}
