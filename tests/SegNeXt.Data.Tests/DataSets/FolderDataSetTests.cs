using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

/// <summary>What opening a folder finds; the files are empty, since opening does not read them where a list of classes is.</summary>
public sealed class FolderDataSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_ImagesFirst_PairsByNameInOrder()
    {
        Touch("classes.txt", "sky\nroad\n");
        Touch("images/train/b.JPG", "images/train/a b.png", "images/train/ü.jpeg", "images/train/notes.txt", "images/train/.hidden.png");
        Touch("labels/train/b.png", "labels/train/a b.PNG", "labels/train/ü.png");
        FolderDataSet data = FolderDataSet.Open(_folder.Path, "train");
        Assert.Equal(["a b", "b", "ü"], Enumerable.Range(0, data.Count).Select(data.Name));
        Assert.Equal((_folder.File("images", "train", "b.JPG"), _folder.File("labels", "train", "b.png")), data.Paths(1));
        Assert.Equal(["sky", "road"], data.Classes.Names);
    }

    [Fact]
    public void Open_SplitFirst_IsTheSame()
    {
        Touch("classes.txt", "sky\nroad\n");
        Touch("val/images/a.jpg", "val/labels/a.png");
        FolderDataSet data = FolderDataSet.Open(_folder.Path, "val");
        Assert.Equal(1, data.Count);
        Assert.Equal(_folder.File("val", "images", "a.jpg"), data.Paths(0).Image);
    }

    [Fact]
    public void Open_ImageWithoutLabel_NamesItAndCountsTheOthers()
    {
        Touch("classes.txt", "sky\n");
        Touch("images/train/a.jpg", "images/train/b.jpg", "images/train/c.jpg", "labels/train/b.png");
        AssertError("images/train/a.jpg: there is no label for this image; expected {0}/labels/train/a.png (2 images without a label in all).");
    }

    [Fact]
    public void Open_LabelWithoutImage_NamesIt()
    {
        Touch("classes.txt", "sky\n");
        Touch("images/train/a.jpg", "labels/train/a.png", "labels/train/b.png");
        AssertError("labels/train/b.png: there is no image for this label; expected {0}/images/train/b with .jpg, .jpeg or .png.");
    }

    [Fact]
    public void Open_TwoImagesOfOneName_NamesBoth()
    {
        Touch("classes.txt", "sky\n");
        Touch("images/train/a.jpg", "images/train/a.png", "labels/train/a.png");
        AssertError("images/train/a.jpg and a.png: two images with one name, 'a', cannot be told apart.");
    }

    [Fact]
    public void Open_NoImages_SaysSo()
    {
        Touch("classes.txt", "sky\n");
        Directory.CreateDirectory(_folder.File("images", "train"));
        AssertError("images/train: there are no images (.jpg, .jpeg or .png) in this folder.");
    }

    [Fact]
    public void Open_NoLabelFolder_SaysSo()
    {
        Touch("classes.txt", "sky\n");
        Touch("images/train/a.jpg");
        AssertError("labels/train: there is no such folder; the labels of {0}/images/train belong there.");
    }

    [Fact]
    public void Open_MissingSplit_ListsThoseThatAreThere()
    {
        Touch("images/train/a.jpg", "images/val/a.jpg");
        InputException error = Assert.Throws<InputException>(() => FolderDataSet.Open(_folder.Path, "test"));
        Assert.Equal($"{_folder.Path}: there is no split 'test'; there is train, val.", error.Message);
    }

    [Fact]
    public void Open_MissingOrOtherFolder_SaysSo()
    {
        string missing = _folder.File("nothing");
        Assert.Equal($"{missing}: there is no such folder.", Assert.Throws<InputException>(() => DataSets.Open(missing, "train")).Message);
        Assert.Contains("is no data set", Assert.Throws<InputException>(() => DataSets.Open(_folder.Path, "train")).Message, StringComparison.Ordinal);
        Touch("images/a.jpg");
        Assert.Contains("no sub-folders", Assert.Throws<InputException>(() => DataSets.Open(_folder.Path, "train")).Message, StringComparison.Ordinal);
        string file = _folder.File("images", "a.jpg");
        Assert.Contains("is a file", Assert.Throws<InputException>(() => DataSets.Open(file, "train")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DataSets_UnknownType_ListsTheTypes()
    {
        InputException error = Assert.Throws<InputException>(() => DataSets.Open("coco", _folder.Path, "train"));
        Assert.Equal("There is no type of data set 'coco'; the types are auto, ade20k, camvid, cityscapes, cocostuff164k, context59, context60, folder, isaid, voc2012.", error.Message);
    }

    [Fact]
    public void DataSets_CamVidFrames_AreKnownByTheirNames()
    {
        Touch("train/images/0001TP_006690.jpg", "train/labels/0001TP_006690.png");
        Assert.Equal("camvid", DataSets.Open(_folder.Path, "train").Classes.Name);
        Assert.Equal(11, DataSets.Open("CamVid", _folder.Path, "train").Classes.Count);

        // A list of classes counts more.
        Touch("classes.txt", "sky\nroad\n");
        Assert.Equal(2, DataSets.Open(_folder.Path, "train").Classes.Count);
    }

    private void AssertError(string expected)
    {
        InputException error = Assert.Throws<InputException>(() => FolderDataSet.Open(_folder.Path, "train"));
        string message = $"{_folder.Path}/{string.Format(expected, _folder.Path)}";
        Assert.Equal(message, error.Message.Replace('\\', '/'));
    }

    private void Touch(params string[] files)
    {
        if (files is ["classes.txt", string text])
        {
            File.WriteAllText(_folder.File("classes.txt"), text);
            return;
        }

        foreach (string file in files)
        {
            string path = _folder.File(file.Split('/'));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
        }
    }
}
