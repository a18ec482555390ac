using SegNeXt.Core;

namespace SegNeXt.Data;

/// <summary>Reads <c>classes.txt</c> even where it is faulty, so that the rest can be judged by it.</summary>
internal static class ClassNames
{
    /// <summary>The classes, or null without a usable list.</summary>
    public static ClassSet? Read(string path, List<Finding> findings)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            ClassSet classes = ClassSet.FromFile(path);
            string[] alike = [.. classes.Names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => string.Join(" and ", group.Select(name => $"'{name}'")))];
            if (alike.Length > 0)
            {
                findings.Add(new Finding(
                    FindingSeverity.Warning, "class-names", $"Classes differ in upper and lower case alone: {string.Join("; ", alike)}.",
                    "Give the classes names of their own, or merge them.", [new FindingFile(path)]));
            }

            return classes;
        }
        catch (InputException error)
        {
            findings.Add(new Finding(
                FindingSeverity.Error, "class-list", $"The list of classes cannot be used: {FileBytes.Fault(path, error)}.",
                "Write one name a line, in the order of the ids from 0, each name once, in UTF-8.", [new FindingFile(path)]));
            return Leniently(path);
        }
    }

    private static ClassSet? Leniently(string path)
    {
        try
        {
            string[] names = [.. File.ReadLines(path).Take(ClassSet.MaxClasses + 1).Select(line => line.Split('\t')[0].Trim()).Where(name => name.Length > 0)];
            return names.Length is >= 1 and <= ClassSet.MaxClasses ? new ClassSet("classes", names, ClassSet.Default(names.Length).Palette) : null;
        }
        catch (Exception error) when (FileErrors.IsFileError(error))
        {
            return null;
        }
    }
}
