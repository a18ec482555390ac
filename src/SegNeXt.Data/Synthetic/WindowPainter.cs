using System.Numerics;

namespace SegNeXt.Data;

/// <summary>Windows, doors and shop fronts on a building's walls.</summary>
internal static class WindowPainter
{
    private static readonly Vector3[] s_shops =
        [new(0.62f, 0.16f, 0.14f), new(0.16f, 0.34f, 0.24f), new(0.15f, 0.24f, 0.44f), new(0.80f, 0.66f, 0.28f), new(0.30f, 0.28f, 0.28f)];

    private static readonly Vector3 s_lamp = new(1.0f, 0.82f, 0.48f);

    /// <summary>All floors of a wall along the street.</summary>
    public static void PaintFloors(Scene scene, Facade wall, Vector3 colour)
    {
        float storey = scene.Uniform(2.8, 3.4);
        int floors = Math.Max(1, (int)((wall.Height - 0.6f) / storey));
        float spacing = scene.Uniform(2.0, 3.2);
        int columns = Math.Max(1, (int)((wall.Length - 0.8f) / spacing));
        float pitch = wall.Length / columns;
        float width = pitch * scene.Uniform(0.38, 0.55);
        float height = storey * scene.Uniform(0.48, 0.62);
        Vector3 frame = scene.Pick(new Vector3(0.92f), new Vector3(0.90f, 0.88f, 0.82f), new Vector3(0.35f, 0.30f, 0.26f), colour * 0.6f);
        bool shop = floors > 1 && scene.Random.NextBool(0.45);
        for (int floor = 0; floor < floors; floor++)
        {
            if (floor == 0 && shop)
            {
                PaintShop(scene, wall, storey);
                continue;
            }

            int door = floor == 0 ? scene.Random.NextInt(0, columns) : -1;
            for (int column = 0; column < columns; column++)
            {
                float centre = (column + 0.5f) * pitch;
                float bottom = (floor * storey) + (storey * 0.30f);
                if (column == door)
                {
                    PaintDoor(scene, wall, centre);
                }
                else
                {
                    PaintWindow(scene, wall, centre - (width / 2), centre + (width / 2), bottom, bottom + height, frame);
                }
            }
        }
    }

    /// <summary>A few windows on the end of a building.</summary>
    public static void PaintEnd(Scene scene, Facade wall, Vector3 colour)
    {
        if (scene.Random.NextBool(0.5))
        {
            return;
        }

        for (float up = 1.2f; up + 2.2f < wall.Height; up += 3.1f)
        {
            for (float along = 1.6f; along + 2f < wall.Length; along += 3.6f)
            {
                PaintWindow(scene, wall, along, along + 1.1f, up, up + 1.5f, colour * 0.7f);
            }
        }
    }

    private static void PaintWindow(Scene scene, Facade wall, float left, float right, float bottom, float top, Vector3 frame)
    {
        const float Border = 0.09f;
        scene.Face(wall.Rectangle(left - Border, right + Border, bottom - Border, top + Border), frame, wall.Normal, StreetClass.Building);
        bool lit = scene.Random.NextBool(scene.Light.LitWindows);
        scene.Flat(wall.Rectangle(left, right, bottom, top), lit ? s_lamp * scene.Uniform(0.7, 1.0) : Glass(scene), StreetClass.Building);
        if (scene.Camera.ScaleAt(Math.Max(1f, wall.At(left, 0).Z)) > 14f)
        {
            float middle = (left + right) / 2;
            float rail = bottom + ((top - bottom) * 0.62f);
            scene.Face(wall.Rectangle(middle - 0.04f, middle + 0.04f, bottom, top), frame, wall.Normal, StreetClass.Building);
            scene.Face(wall.Rectangle(left, right, rail - 0.04f, rail + 0.04f), frame, wall.Normal, StreetClass.Building);
            scene.Face(wall.Rectangle(left - 0.18f, right + 0.18f, bottom - 0.2f, bottom - 0.08f, 0.1f), frame * 0.95f, wall.Normal, StreetClass.Building);
        }
    }

    /// <summary>Glass mirrors some of the sky.</summary>
    private static Vector3 Glass(Scene scene) =>
        Vector3.Lerp(new Vector3(0.13f, 0.16f, 0.20f), scene.Light.SkyHorizon, scene.Uniform(0.05, 0.4));

    private static void PaintDoor(Scene scene, Facade wall, float centre)
    {
        Vector3 wood = scene.Vary(scene.Pick(new Vector3(0.36f, 0.22f, 0.14f), new Vector3(0.20f, 0.26f, 0.22f), new Vector3(0.44f, 0.14f, 0.13f)), 0.15f);
        scene.Face(wall.Rectangle(centre - 0.7f, centre + 0.7f, 0, 2.45f), wood * 0.6f, wall.Normal, StreetClass.Building);
        scene.Face(wall.Rectangle(centre - 0.55f, centre + 0.55f, 0, 2.25f), wood, wall.Normal, StreetClass.Building);
        scene.Flat(wall.Rectangle(centre - 0.35f, centre + 0.35f, 1.5f, 2.0f), Glass(scene), StreetClass.Building);
    }

    private static void PaintShop(Scene scene, Facade wall, float storey)
    {
        Vector3 trim = scene.Vary(scene.Pick<Vector3>(s_shops), 0.15f);
        scene.Face(wall.Rectangle(0.3f, wall.Length - 0.3f, 0, storey - 0.1f), trim * 0.75f, wall.Normal, StreetClass.Building);
        Vector3 inside = scene.Random.NextBool(0.25 + scene.Light.LitWindows) ? s_lamp * 0.85f : Glass(scene);
        float pane = (wall.Length - 1.2f) / 3f;
        for (int i = 0; i < 3; i++)
        {
            float left = 0.6f + (i * pane);
            float bottom = i == 1 ? 0.1f : 0.6f;
            scene.Flat(wall.Rectangle(left + 0.12f, left + pane - 0.12f, bottom, storey - 0.75f), inside * scene.Uniform(0.8, 1.1), StreetClass.Building);
        }

        scene.Face(wall.Rectangle(0.3f, wall.Length - 0.3f, storey - 0.65f, storey - 0.1f, 0.1f), trim, wall.Normal, StreetClass.Building);
        if (scene.Random.NextBool())
        {
            // An awning slopes out over the pavement.
            Vector3[] awning =
            [
                wall.At(0.4f, storey - 0.6f), wall.At(wall.Length - 0.4f, storey - 0.6f),
                wall.At(wall.Length - 0.4f, storey - 1.0f, 1.2f), wall.At(0.4f, storey - 1.0f, 1.2f),
            ];
            scene.Face(awning, Vector3.Lerp(trim, Vector3.One, 0.2f), Vector3.Normalize(wall.Normal + Vector3.UnitY), StreetClass.Building);
        }
    }
}
