using SegNeXt.TestUtilities;

namespace SegNeXt.Core.Tests;

public sealed class TensorFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("nano.safetensors", typeof(SafetensorsFile))]
    [InlineData("nano_legacy.pth", typeof(PthFile))]
    [InlineData("nano_imagenet_backbone.pth", typeof(PthFile))]
    public void Open_ByAnyName_TellsTheFormFromTheContent(string name, Type type)
    {
        string path = _folder.File("weights");
        File.Copy(Path.Combine(TestPaths.Golden, name), path);

        using ITensorSource source = TensorFiles.Open(path);

        Assert.IsType(type, source);
        Assert.Equal(path, source.Path);
        Assert.NotEmpty(source.Tensors);
    }

    [Theory]
    [InlineData("<html><body>404", "it begins with '<html><body>404', so it looks like a web page and not like the download that was meant.")]
    [InlineData("\n<!DOCTYPE html>", "it begins with '<!DOCTYPE html>', so it looks like a web page and not like the download that was meant.")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:0", "it is a Git LFS pointer; fetch the real file with 'git lfs pull'.")]
    [InlineData("hello", "it begins with 'hello'.")]
    [InlineData("\u0001\u0002", "it begins with the bytes 01 02.")]
    public void Open_SomethingElse_SaysWhatItLooksLike(string content, string sentence)
    {
        foreach (string name in (string[])["x.pth", "x.safetensors"])
        {
            string path = _folder.File(name);
            File.WriteAllText(path, content);

            string message = Assert.Throws<InputException>(() => TensorFiles.Open(path).Dispose()).Message;

            Assert.True(
                message == $"{path} is neither safetensors nor a PyTorch checkpoint: {sentence}" || (name == "x.safetensors" && message.StartsWith($"{path}: the ", StringComparison.Ordinal)),
                message);
        }
    }

    [Fact]
    public void Open_OtherPickle_SaysSo()
    {
        string path = _folder.File("x.pth");
        File.WriteAllBytes(path, [0x80, 4, (byte)'N', (byte)'.']);

        Assert.Equal($"{path} is neither safetensors nor a PyTorch checkpoint: it is a Python pickle, but not one that torch.save wrote.", Assert.Throws<InputException>(() => TensorFiles.Open(path)).Message);
    }

    [Fact]
    public void Open_FolderMissingOrEmptyFile_SaysSo()
    {
        string missing = _folder.File("missing.pth");
        string empty = _folder.File("empty.pth");
        File.WriteAllBytes(empty, []);

        Assert.Equal($"{_folder.Path}: this is a folder, a weight file was expected.", Assert.Throws<InputException>(() => TensorFiles.Open(_folder.Path)).Message);
        Assert.Equal($"{missing}: there is no such file.", Assert.Throws<InputException>(() => TensorFiles.Open(missing)).Message);
        Assert.Equal($"{_folder.File("a", "b")}: its folder does not exist.", Assert.Throws<InputException>(() => TensorFiles.Open(_folder.File("a", "b"))).Message);
        Assert.Equal($"{empty}: the file is empty, or it is a pipe or a device.", Assert.Throws<InputException>(() => TensorFiles.Open(empty)).Message);
        Assert.Equal("'' is not the path of a file.", Assert.Throws<InputException>(() => TensorFiles.Open("")).Message);
    }
}
