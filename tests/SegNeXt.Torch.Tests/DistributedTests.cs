using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SegNeXt.Torch.Tests;

/// <summary>The store and the group of one process; what several do is tested with real processes, beside the trainer.</summary>
public sealed class DistributedTests : TorchTest
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public void Gloo_OfThisBuild_IsThere() => Assert.True(ProcessGroup.IsAvailable(DistributedBackend.Gloo));

    [Fact]
    public void Store_TwoConnections_ShareKeysAndCounters()
    {
        int port = FreePort();
        using TcpStore server = new("127.0.0.1", port, true, 1, s_timeout);
        using TcpStore client = new("127.0.0.1", port, false, 0, s_timeout);
        client.Set("key", Encoding.UTF8.GetBytes("välue"));
        Assert.Equal("välue", Encoding.UTF8.GetString(server.Get("key")));
        Assert.True(server.Contains("key"));
        Assert.False(server.Contains("other"));
        Assert.Equal(2, server.Add("counter", 2));
        Assert.Equal(5, client.Add("counter", 3));
    }

    [Fact]
    public void Store_KeyThatNobodySets_FailsAfterTheTimeOut()
    {
        using TcpStore store = new("127.0.0.1", FreePort(), true, 1, TimeSpan.FromSeconds(1));
        Assert.Throws<TorchException>(() => store.Get("never"));
    }

    [Fact]
    public void Store_PortInUse_Fails()
    {
        using TcpListener taken = new(IPAddress.Any, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Throws<TorchException>(() => new TcpStore("127.0.0.1", port, true, 1, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public void Group_OfOne_LeavesValuesAsTheyAre()
    {
        using TcpStore store = new("127.0.0.1", FreePort(), true, 1, s_timeout);
        using ProcessGroup group = new(store, "one", 0, 1, DistributedBackend.Gloo, s_timeout, "127.0.0.1");
        double[] values = [1, 2.5];
        group.Sum(values);
        Assert.Equal([1, 2.5], values);
        using Tensor x = Counting(2, 3);
        using CollectiveWork work = group.AllReduceAsync(x);
        work.Wait();
        group.Broadcast(x);
        group.Barrier();
        Assert.Equal([1, 2, 3, 4, 5, 6], Assert.Single(group.AllGather(x)).ToArray<double>());
    }

    [Fact]
    public void SyncBatchNorm_OverOneProcess_IsBatchNorm()
    {
        using TcpStore store = new("127.0.0.1", FreePort(), true, 1, s_timeout);
        using ProcessGroup group = new(store, "one", 0, 1, DistributedBackend.Gloo, s_timeout, "127.0.0.1");
        using BatchNorm2d plain = new(3), synchronised = new(3);
        SyncBatchNorm.Convert(synchronised, group);

        // A mean far from 0, where sums of squares would lose all digits.
        Tensor x = (Draws(3, 4, 3, 5, 6) + 1000).To(ScalarType.Float32), weights = Draws(4, 4, 3, 5, 6).To(ScalarType.Float32);
        Tensor[] results = [.. new[] { plain, synchronised }.SelectMany(norm =>
        {
            Tensor own = x.Clone().RequiresGrad_();
            (norm.Forward(own) * weights).Sum().Backward();
            return new[] { norm.Forward(own).Detach(), own.Grad!, norm.Weight.Grad!, norm.Bias.Grad!, norm.RunningMean, norm.RunningVar };
        })];
        for (int i = 0; i < 6; i++)
        {
            float[] expected = results[i].ToArray<float>(), found = results[6 + i].ToArray<float>();
            double scale = Math.Max(1, expected.Max(Math.Abs));
            Assert.All(expected.Zip(found), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 2e-4 * scale));
        }

        Assert.Equal(2, synchronised.NumBatchesTracked.Item());
    }

    [Fact]
    public void DrawImages_InShares_IsTheDrawOfTheWholeBatch()
    {
        using Generator whole = new(9), part = new(9);
        float[] expected = whole.DrawImages([5, 2], shape => Tensor.Uniform(shape, 0, 1, whole)).ToArray<float>();
        part.Share = BatchShare.Of(5, 1, 2);
        Assert.Equal(new BatchShare(2, 3, 5), part.Share);
        Assert.Equal(expected[4..], part.DrawImages([3, 2], shape => Tensor.Uniform(shape, 0, 1, part)).ToArray<float>());
        Assert.Equal(whole.GetState(), part.GetState());
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
