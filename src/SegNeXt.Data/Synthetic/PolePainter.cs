using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Street lamps and the posts of signs.</summary>
internal static class PolePainter
{
    private static readonly Vector3[] s_metals = [new(0.42f, 0.44f, 0.45f), new(0.24f, 0.27f, 0.26f), new(0.16f, 0.22f, 0.20f), new(0.56f, 0.57f, 0.57f)];

    /// <summary>Marks the ground in a pole's shadow.</summary>
    public static void Shadow(Scene scene, Vector3 foot, float height)
    {
        Vector3 top = scene.OnGround(foot + (Vector3.UnitY * height));
        Vector3 across = new(0.09f, 0, 0);
        scene.Shadow([foot - across, foot + across, top + across, top - across]);
    }

    /// <summary>A street lamp whose arm reaches over the road.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="foot">Where it stands.</param>
    /// <param name="height">Metres to the arm.</param>
    /// <param name="reach">Metres of the arm; negative to the left.</param>
    public static void PaintLamp(Scene scene, Vector3 foot, float height, float reach)
    {
        Vector3 metal = scene.Vary(scene.Pick<Vector3>(s_metals), 0.15f);
        Shaft(scene, foot, 0f, 0.9f, 0.17f, 0.17f, metal * 0.85f);
        Shaft(scene, foot, 0.8f, height, 0.125f, 0.095f, metal);
        Vector3 elbow = foot + (Vector3.UnitY * height);
        Vector3 end = elbow + new Vector3(reach, 0.35f, 0);
        Vector3 thick = Vector3.UnitY * 0.08f;
        scene.Face([elbow - thick, end - thick, end + thick, elbow + thick], metal, -Vector3.UnitZ, StreetClass.Pole);
        float side = MathF.Sign(reach);
        ReadOnlySpan<Vector3> head =
        [
            end + new Vector3(-0.1f * side, 0.14f, 0), end + new Vector3(0.75f * side, 0.1f, 0),
            end + new Vector3(0.75f * side, -0.08f, 0), end + new Vector3(-0.1f * side, -0.14f, 0),
        ];
        scene.Face(head, metal * 0.9f, -Vector3.UnitZ, StreetClass.Pole);
        if (scene.Light.LitWindows > 0.2f)
        {
            scene.Flat([end + new Vector3(0.1f * side, -0.1f, 0), end + new Vector3(0.7f * side, -0.06f, 0), end + new Vector3(0.6f * side, -0.2f, 0), end + new Vector3(0.2f * side, -0.22f, 0)],
                new Vector3(1f, 0.9f, 0.65f), StreetClass.Pole);
        }
    }

    /// <summary>A plain post.</summary>
    public static void PaintPost(Scene scene, Vector3 foot, float height, float radius) =>
        Shaft(scene, foot, 0f, height, radius, radius, scene.Vary(scene.Pick<Vector3>(s_metals), 0.15f));

    /// <summary>A round upright, in three strips from its lit to its shaded side.</summary>
    private static void Shaft(Scene scene, Vector3 foot, float from, float to, float lower, float upper, Vector3 metal)
    {
        for (int i = 0; i < 3; i++)
        {
            float left = (i * 2f / 3f) - 1f;
            float right = left + (2f / 3f);
            ReadOnlySpan<Vector3> strip =
            [
                foot + new Vector3(left * lower, from, 0), foot + new Vector3(right * lower, from, 0),
                foot + new Vector3(right * upper, to, 0), foot + new Vector3(left * upper, to, 0),
            ];
            scene.Face(strip, metal, Vector3.Normalize(new Vector3((left + right) / 2f * 1.2f, 0, -0.8f)), StreetClass.Pole);
        }
    }
}
