using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>
/// iSAID's large pictures cut into overlapping patches, colours into ids (<c>isaid.py</c> of the released code): windows start at
/// multiples of size − overlap, the last ones are shifted back to the border, and what a small picture lacks is black on its right
/// and at its bottom, and 255 in its label.
/// </summary>
public static class IsaidPreparation
{
    /// <summary>Side of a patch.</summary>
    public const int DefaultSize = 896;

    /// <summary>Largest side of a patch.</summary>
    public const int MaxSize = 16384;

    /// <summary>How many pixels neighbouring patches share.</summary>
    public const int DefaultOverlap = 384;

    /// <summary>Plans the patches of the splits <c>train</c> and <c>val</c>, as far as they are there.</summary>
    /// <param name="root">The folder of the development kit.</param>
    /// <param name="output">Takes <c>img_dir</c> and <c>ann_dir</c>.</param>
    /// <param name="height">Rows of a patch, at most <see cref="MaxSize"/>.</param>
    /// <param name="width">Columns of a patch, at most <see cref="MaxSize"/>.</param>
    /// <param name="overlap">Rows and columns that neighbours share, less than either side.</param>
    /// <exception cref="InputException">There are no pictures, or a file is there twice.</exception>
    public static Preparation Create(string root, string output, int height = DefaultSize, int width = DefaultSize, int overlap = DefaultOverlap)
    {
        ArgumentNullException.ThrowIfNull(output);
        FolderList.Require(root);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Max(height, width), MaxSize);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(overlap, Math.Min(height, width));
        Cutter cutter = new(height, width, overlap);
        List<PrepareItem> items = [];
        List<string> folders = [];
        foreach ((_, string split) in IsaidDataSet.Splits.Splits)
        {
            (FileKind images, FileKind labels) = IsaidDataSet.RawFiles(root, split);
            if (!Directory.Exists(images.Folder))
            {
                continue;
            }

            string imageFolder = Path.Combine(output, IsaidDataSet.PatchImages, split);
            string labelFolder = Path.Combine(output, IsaidDataSet.PatchLabels, split);
            folders.AddRange([imageFolder, labelFolder]);
            foreach ((string stem, string image) in images.List())
            {
                string label = Path.Combine(labels.Folder, stem + IsaidDataSet.ColourLabel);
                PatchNames names = new(Path.Combine(imageFolder, stem), Path.Combine(labelFolder, stem));
                items.Add(new PrepareItem(stem, () => cutter.Expected(image, names), () => cutter.Make(image, label, names)));
            }
        }

        return items.Count > 0
            ? new Preparation(items, folders)
            : throw new InputException(
                $"{root}: there are no pictures train/images/*.png or val/images/*.png; unpack DOTA's pictures and iSAID's semantic masks there.");
    }

    /// <summary>Where a picture's patches go, without what tells one patch from another.</summary>
    private readonly record struct PatchNames(string Image, string Label)
    {
        public string ImageOf(Window window) => $"{Image}_{window.Name}.png";

        public string LabelOf(Window window) => $"{Label}_{window.Name}{IsaidDataSet.ColourLabel}";
    }

    /// <summary>One patch's place.</summary>
    private readonly record struct Window(int X, int Y, int Width, int Height)
    {
        /// <summary>First row, row behind the last, first column, column behind the last.</summary>
        public string Name => string.Create(CultureInfo.InvariantCulture, $"{Y}_{Y + Height}_{X}_{X + Width}");
    }

    private sealed class Cutter(int height, int width, int overlap)
    {
        public IEnumerable<ExpectedPng> Expected(string image, PatchNames names)
        {
            (int columns, int rows) = ImageFile.ReadSize(image, new ImageReadOptions { ApplyOrientation = false });
            foreach (Window window in Windows(columns, rows))
            {
                yield return new ExpectedPng(names.ImageOf(window), (width, height));
                yield return new ExpectedPng(names.LabelOf(window), (width, height));
            }
        }

        public IEnumerable<OutputFile> Make(string imagePath, string labelPath, PatchNames names)
        {
            if (!File.Exists(labelPath))
            {
                throw new InputException($"{imagePath}: there is no label for this image; expected {labelPath}.");
            }

            // Labels have no orientation, so the pictures must not be turned either.
            RgbImage image = ImageFile.ReadRgb(imagePath, new ImageReadOptions { ApplyOrientation = false });
            LabelMap label = LabelFile.Read(labelPath, LabelMappings.Isaid, map =>
                DataSetCheck.RequireSameSize(imagePath, (image.Width, image.Height), labelPath, (map.Width, map.Height)));
            foreach (Window window in Windows(image.Width, image.Height))
            {
                RgbImage picture = new(width, height, Cut(image.Pixels, image.Width, image.Height, 3, window, 0));
                LabelMap ids = new(width, height, Cut(label.Ids, label.Width, label.Height, 1, window, LabelMap.Ignore));
                yield return new OutputFile(names.ImageOf(window), PngWriter.EncodeRgb(picture));
                yield return new OutputFile(names.LabelOf(window), PngWriter.EncodeLabel(ids));
            }
        }

        private IEnumerable<Window> Windows(int columns, int rows) =>
            from x in Starts(columns, width)
            from y in Starts(rows, height)
            select new Window(x, y, width, height);

        /// <summary>Where windows begin along one axis: several may be shifted back to the same place.</summary>
        private IEnumerable<int> Starts(int length, int size)
        {
            int last = Math.Max(0, length - size);
            for (int start = 0; start < length; start += size - overlap)
            {
                yield return Math.Min(start, last);
                if (start >= last)
                {
                    yield break;
                }
            }
        }

        private static byte[] Cut(byte[] source, int columns, int rows, int channels, Window window, byte fill)
        {
            byte[] result = new byte[window.Width * window.Height * channels];
            int width = Math.Min(window.Width, columns - window.X) * channels;
            if (fill != 0)
            {
                Array.Fill(result, fill);
            }

            for (int y = 0; y < Math.Min(window.Height, rows - window.Y); y++)
            {
                long from = (((long)(window.Y + y) * columns) + window.X) * channels;
                Array.Copy(source, from, result, (long)y * window.Width * channels, width);
            }

            return result;
        }
    }
}
