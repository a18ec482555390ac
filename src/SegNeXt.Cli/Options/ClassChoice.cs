using System.Globalization;
using SegNeXt.Core;

namespace SegNeXt.Cli;

/// <summary>A class as a user names it: by its name, or by its number from 0.</summary>
internal static class ClassChoice
{
    /// <summary>Names listed in a message at most.</summary>
    private const int Listed = 12;

    /// <summary>Finds a class.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">Its name in either case, or its number.</param>
    /// <param name="weights">The model's file, for messages.</param>
    /// <exception cref="InputException">The model has none of that name; the nearest one is named.</exception>
    public static int Find(ModelConfig model, string name, string weights)
    {
        int id = model.ClassNames is { } names ? Array.FindIndex(names, known => string.Equals(known, name, StringComparison.OrdinalIgnoreCase)) : -1;
        if (id < 0 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < model.NumClasses)
        {
            id = number;
        }

        if (id >= 0)
        {
            return id;
        }

        string? nearest = Nearest(model, name);
        throw new InputException(
            nearest is not null ? $"{weights} has no class '{name}'; did you mean '{nearest}'?" : $"{weights} has no class '{name}'; it has {List(model)}.");
    }

    /// <summary>The name that a misspelt one probably means, letters large or small.</summary>
    private static string? Nearest(ModelConfig model, string name)
    {
        string[] names = model.ClassNames ?? [];
        string[] lower = Array.ConvertAll(names, known => known.ToLowerInvariant());
        return NearestName.Find(name.ToLowerInvariant(), lower) is { } found ? names[Array.IndexOf(lower, found)] : null;
    }

    /// <summary>What a class is called: its name, or <c>class 7</c> where the weights do not tell.</summary>
    /// <param name="model">The model.</param>
    /// <param name="id">The class.</param>
    public static string Name(ModelConfig model, int id) => model.ClassNames?[id] ?? $"class {id}";

    /// <summary>The classes for a message.</summary>
    /// <param name="model">The model.</param>
    public static string List(ModelConfig model) => model.ClassNames is { } names
        ? $"{string.Join(", ", names.Take(Listed))}{(names.Length > Listed ? $" and {names.Length - Listed} more" : "")}"
        : $"classes 0 to {model.NumClasses - 1}, whose names it does not tell";
}
