using System.Numerics;
using SegNeXt.Core;

namespace SegNeXt.Data.Tests;

public class CanvasTests
{
    [Fact]
    public void Fill_WholePixels_CoversExactlyThem()
    {
        Canvas canvas = new(5, 4);
        canvas.Fill([new(1, 1), new(4, 1), new(4, 3), new(1, 3)], Vector3.One, 7);
        (Vector3[] colours, LabelMap label) = canvas.Resolve();
        for (int i = 0; i < 20; i++)
        {
            bool inside = i % 5 is >= 1 and < 4 && i / 5 is >= 1 and < 3;
            Assert.Equal(inside ? 7 : 0, label.Ids[i]);
            Assert.Equal(inside ? 1f : 0f, colours[i].X, 1e-6f);
        }
    }

    [Fact]
    public void Fill_PartOfAPixel_GivesItsShareOfColourAndTheMajoritysLabel()
    {
        Canvas canvas = new(3, 1);
        canvas.Fill([new(0.333f, 0), new(1, 0), new(1, 1), new(0.333f, 1)], Vector3.One, 1);
        canvas.Fill([new(1.667f, 0), new(2, 0), new(2, 1), new(1.667f, 1)], Vector3.One, 1);
        (Vector3[] colours, LabelMap label) = canvas.Resolve();
        Assert.Equal(2f / 3f, colours[0].X, 1e-5f);
        Assert.Equal(1f / 3f, colours[1].X, 1e-5f);
        Assert.Equal(new byte[] { 1, 0, 0 }, label.Ids);
    }

    [Fact]
    public void Fill_EvenMixture_IsVoid()
    {
        Canvas canvas = new(1, 1);
        canvas.Fill([new(0, 0), new(0.6f, 0), new(0.6f, 0.6f), new(0, 0.6f)], Vector3.One, 1);
        Assert.Equal(LabelMap.Ignore, canvas.Resolve().Label.Ids[0]);
    }

    [Fact]
    public void Fill_FarOutside_IsClipped()
    {
        Canvas canvas = new(4, 4);
        canvas.Fill([new(-1e9f, -1e9f), new(1e9f, -1e9f), new(1e9f, 1e9f), new(-1e9f, 1e9f)], Vector3.One, 2);
        canvas.Fill([new(10, 10), new(20, 10), new(20, 20)], Vector3.One, 3);
        Assert.All(canvas.Resolve().Label.Ids, id => Assert.Equal(2, id));
    }

    [Fact]
    public void Fill_KeepLabelAndAlpha_ChangesColourOnly()
    {
        Canvas canvas = new(2, 2);
        ReadOnlySpan<Vector2> all = [new(0, 0), new(2, 0), new(2, 2), new(0, 2)];
        canvas.Fill(all, new Vector3(1f), 4);
        canvas.Fill(all, Vector3.Zero, Canvas.KeepLabel, 0.25f);
        (Vector3[] colours, LabelMap label) = canvas.Resolve();
        Assert.Equal(0.75f, colours[3].Y, 1e-6f);
        Assert.Equal(4, label.Ids[3]);
    }

    [Fact]
    public void ShadeMarks_OverlappingMarks_ShadeOnce()
    {
        Canvas canvas = new(2, 1);
        canvas.Fill([new(0, 0), new(2, 0), new(2, 1), new(0, 1)], Vector3.One, 0);
        for (int i = 0; i < 2; i++)
        {
            canvas.Mark([new(0, 0), new(1, 0), new(1, 1), new(0, 1)]);
        }

        canvas.ShadeMarks(new Vector3(0.5f));
        canvas.ShadeMarks(new Vector3(0.5f));
        Vector3[] colours = canvas.Resolve().Colours;
        Assert.Equal(0.5f, colours[0].X, 1e-6f);
        Assert.Equal(1f, colours[1].X, 1e-6f);
    }

    [Fact]
    public void Camera_GroundPoint_ComesBackFromItsPixel()
    {
        Camera camera = new(new Vector3(1.5f, 1.6f, 0), new Vector2(150, 100), 250);
        Vector2 seen = camera.Project(new Vector3(-3, 0.12f, 17));
        Vector2 ground = camera.OnPlane(seen.X, seen.Y, 0.12f);
        Assert.Equal(-3f, ground.X, 1e-3f);
        Assert.Equal(17f, ground.Y, 1e-3f);
    }
}
