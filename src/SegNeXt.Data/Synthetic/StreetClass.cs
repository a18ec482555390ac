namespace SegNeXt.Data;

/// <summary>Class ids of the rendered street scenes, in the order of <see cref="StreetScenes.Classes"/>.</summary>
internal static class StreetClass
{
    public const int Sky = 0;
    public const int Building = 1;
    public const int Road = 2;
    public const int Pavement = 3;
    public const int Vegetation = 4;
    public const int Car = 5;
    public const int Person = 6;
    public const int Pole = 7;
    public const int Sign = 8;
}
