using FsCheck;
using FsCheck.Fluent;
using SegNeXt.Data;
using SegNeXt.Torch;

namespace SegNeXt.Training.Tests;

/// <summary>How ranks divide batches, and what of a data set they see.</summary>
public class BatchShareTests
{
    [Fact]
    public void Of_AnyNumbers_DividesWithoutGapOrOverlap()
    {
        Property property = Prop.ForAll(Gen.Choose(1, 40).ToArbitrary(), Gen.Choose(0, 200).ToArbitrary(), static (int size, int more) =>
        {
            int total = size + more;
            BatchShare[] shares = [.. Enumerable.Range(0, size).Select(rank => BatchShare.Of(total, rank, size))];
            return shares.SelectMany(share => Enumerable.Range(share.First, share.Count)).SequenceEqual(Enumerable.Range(0, total))
                && shares.Max(share => share.Count) - shares.Min(share => share.Count) <= 1
                && shares.All(share => share.Total == total);
        });
        property.QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Loader_AnyNumberOfRanksFromAnyPosition_GivesTheImagesOfOneProcess()
    {
        NoiseData data = new(7, []);
        Property property = Prop.ForAll(
            Gen.Choose(1, 4).ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(), Gen.Choose(0, 25).ToArbitrary(), (int size, int more, int position) =>
            {
                LoaderOptions whole = new() { Batch = size + more, Workers = 1, Prefetch = 1, Seed = 3, CacheBytes = 0, StartPosition = position };
                (int Index, long Position)[] expected = Take(data, whole, 3);
                (int Index, long Position)[][] ranks = [.. Enumerable.Range(0, size).Select(rank =>
                {
                    BatchShare share = BatchShare.Of(whole.Batch, rank, size);
                    return Take(data, whole with { Batch = share.Count, StepSamples = share.Total, FirstSample = share.First }, 3);
                })];
                return expected[0].Position == position && ranks.SelectMany(own => own).OrderBy(sample => sample.Position).SequenceEqual(expected);
            });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    private static (int Index, long Position)[] Take(ISegmentationDataSet data, LoaderOptions options, int batches)
    {
        TrainTransform transform = new(new AugmentationOptions { CropHeight = 8, CropWidth = 8, ResizeBaseWidth = 8, ResizeBaseHeight = 8 });
        using DataLoader loader = new(data, transform, options);
        List<(int, long)> taken = [];
        for (int i = 0; i < batches; i++)
        {
            Batch batch = loader.Next();
            taken.AddRange(batch.Indices.Zip(batch.Positions));
            loader.Return(batch);
        }

        return [.. taken];
    }
}
