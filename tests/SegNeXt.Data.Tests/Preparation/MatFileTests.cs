using SegNeXt.Core;
using SegNeXt.TestUtilities;

namespace SegNeXt.Data.Tests;

public sealed class MatFileTests : IDisposable
{
    private static readonly double[] s_values = [0, 1, 2, 255, 4, 5];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Read_Matrix_ComesByRowsAndColumns(bool compressed, bool bigEndian)
    {
        byte[] other = MatWriter.Matrix("other", MatWriter.UInt8Class, 1, 3, [9, 9, 9], bigEndian);
        byte[] map = MatWriter.Matrix("LabelMap", MatWriter.UInt16Class, 2, 3, [0, 1, 2, 459, 4, 5], bigEndian);
        MatMatrix read = MatFile.Read(Write(MatWriter.File(compressed, bigEndian, other, map)), "LabelMap");
        Assert.Equal((2, 3), (read.Rows, read.Columns));
        Assert.Equal([0, 459, 1, 4, 2, 5], read.Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(13)]
    public void Read_AnyStoredType_GivesTheNumbers(int type)
    {
        // MATLAB stores a matrix of doubles in the smallest type that holds its numbers.
        byte[] map = MatWriter.Matrix("m", MatWriter.DoubleClass, 1, 3, [0, 7, 100], storedType: type);
        Assert.Equal([0, 7, 100], MatFile.Read(Write(MatWriter.File(true, false, map)), "m").Values);
    }

    [Fact]
    public void Read_FieldOfStructure_PassesOverTheOthers()
    {
        byte[] map = MatWriter.Matrix("", MatWriter.UInt8Class, 2, 3, s_values);
        byte[] structure = MatWriter.Struct("GTcls", false, ("Boundaries", MatWriter.Cell()), ("Segmentation", map), ("CategoriesPresent", map));
        string path = Write(MatWriter.File(true, false, structure));
        LabelMap label = MatFile.Read(path, "GTcls", "Segmentation").ToLabel(path, value => (byte)value, "bytes");
        Assert.Equal((3, 2), (label.Width, label.Height));
        Assert.Equal<byte>([0, 1, 2, 255, 4, 5], label.Ids);
        AssertError("has no field", () => MatFile.Read(path, "GTcls", "Segments"));
        AssertError("has no variable LabelMap", () => MatFile.Read(path, "LabelMap"));
        AssertError("holds something else than a matrix of numbers", () => MatFile.Read(path, "GTcls"));
        AssertError("holds something else than a matrix of numbers", () => MatFile.Read(path, "GTcls", "Boundaries"));
    }

    [Fact]
    public void Read_WrongFiles_SayWhatTheyAre()
    {
        AssertError("the file is empty", () => MatFile.Read(Write([]), "m"));
        AssertError("is no MATLAB file of version 5 to 7.", () => MatFile.Read(Write(new byte[500]), "m"));
        AssertError("version 7.3 (HDF5)", () => MatFile.Read(Write("MATLAB 7.3 MAT-file, Platform"u8.ToArray()), "m"));
        byte[] half = MatWriter.Matrix("m", MatWriter.DoubleClass, 1, 1, [0.5]);
        AssertError("numbers that are not whole", () => MatFile.Read(Write(MatWriter.File(false, false, half)), "m"));
        Assert.Contains("there is no such file", Assert.Throws<InputException>(() => MatFile.Read(_folder.File("none"), "m")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_CutOrChangedAnywhere_IsAnErrorOrStillAMatrix(bool compressed)
    {
        byte[] map = MatWriter.Matrix("", MatWriter.UInt8Class, 2, 3, s_values);
        byte[] good = MatWriter.File(compressed, false, MatWriter.Struct("GTcls", false, ("Segmentation", map)));
        Random random = new(5);
        for (int length = 0; length < good.Length; length += 3)
        {
            string path = Write(good[..length]);
            Assert.Throws<InputException>(() => MatFile.Read(path, "GTcls", "Segmentation"));
        }

        for (int i = 0; i < 1500; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] = (byte)random.Next(256);
            bad[random.Next(124, bad.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                MatFile.Read(Write(bad), "GTcls", "Segmentation");
            }
            catch (InputException)
            {
            }
        }
    }

    private string Write(byte[] bytes)
    {
        string path = _folder.File("a.mat");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void AssertError(string part, Action action) =>
        Assert.Contains(part, Assert.Throws<InputException>(action).Message, StringComparison.Ordinal);
}
