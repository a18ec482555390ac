using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public sealed class ClassFolderDataSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_SortedFolders_AreTheIndicesInEverySplit()
    {
        MakeFolders();
        ClassFolderDataSet train = ClassFolderDataSet.Open(_folder.Path, "train");
        Assert.Equal(["ants", "bees", "wasps"], train.Classes);
        Assert.Equal(["ants/1.jpg", "ants/2.png", "bees/1.jpg", "wasps/1.jpg"], Enumerable.Range(0, train.Count).Select(train.Name));
        Assert.Equal([0, 0, 1, 2], Enumerable.Range(0, train.Count).Select(train.ClassOf));

        // 'val' has no ants; the others keep their indices.
        ClassFolderDataSet val = ClassFolderDataSet.Open(_folder.Path, "val");
        Assert.Equal([1, 2], Enumerable.Range(0, val.Count).Select(val.ClassOf));
        Assert.Equal(2, val.Load(1).ClassIndex);
        Assert.Equal(TinyFiles.Width, val.Load(1).Image.Width);
    }

    [Fact]
    public void Open_ListOfNames_NamesTheClasses()
    {
        MakeFolders();
        _folder.Text("classes.txt", "Ant\nBee\nWasp\n");
        Assert.Equal(["Ant", "Bee", "Wasp"], ClassFolderDataSet.Open(_folder.Path, "val").Classes);
        _folder.Text("classes.txt", "wasps\tthe wasp\nants\tthe ant\nbees\tthe bee\n");
        Assert.Equal(["the ant", "the bee", "the wasp"], ClassFolderDataSet.Open(_folder.Path, "val").Classes);
        _folder.Text("classes.txt", "Ant\nBee\n");
        Assert.Equal("ROOT/classes.txt: lists 2 names, but there are 3 folders of classes.", _folder.Error(() => ClassFolderDataSet.Open(_folder.Path, "val")));
        _folder.Text("classes.txt", "ants\tthe ant\n");
        Assert.Equal("ROOT/classes.txt: has no name for the folder bees.", _folder.Error(() => ClassFolderDataSet.Open(_folder.Path, "val")));
    }

    [Fact]
    public void Open_FaultyFolders_NamesFault()
    {
        MakeFolders();
        Assert.Equal("ROOT: there is no split 'test'; there is train, val.", _folder.Error(() => ClassFolderDataSet.Open(_folder.Path, "test")));
        Directory.CreateDirectory(_folder.File("val", "flies"));
        Assert.Equal("ROOT/val/flies: ROOT/train has no class of this name.", _folder.Error(() => ClassFolderDataSet.Open(_folder.Path, "val")));
        Directory.CreateDirectory(_folder.File("train", "flies"));
        Assert.Equal("ROOT/train/flies: there are no images (.jpg, .jpeg or .png) in this folder of a class.", _folder.Error(() => ClassFolderDataSet.Open(_folder.Path, "train")));
        _folder.Picture("flat/1.jpg");
        Assert.Equal("ROOT/flat: its pictures are not in folders of classes; sort them into one folder per class.", _folder.Error(() => ClassFolderDataSet.Open(_folder.Path, "flat")));
    }

    [SkippableFact]
    public void Hymenoptera_Sample_HasItsClasses()
    {
        ClassFolderDataSet val = ClassFolderDataSet.Open(TestPaths.RequireShared("data", "hymenoptera-sample"), "val");
        Assert.Equal(["ants", "bees"], val.Classes);
        Assert.Equal(16, val.Count);
        Assert.Equal(1, val.Load(15).ClassIndex);
    }

    private void MakeFolders()
    {
        foreach (string file in (string[])["train/bees/1.jpg", "train/ants/2.png", "train/ants/1.jpg", "train/wasps/1.jpg", "val/bees/1.jpg", "val/wasps/1.jpg"])
        {
            _folder.Picture(file);
        }

        _folder.Text("train/.hidden/notes.txt", "");
        _folder.Text("train/ants/notes.txt", "");
    }
}
