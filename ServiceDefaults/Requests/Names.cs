using System.Collections.Frozen;
using System.Reflection;
using Google.Protobuf.Reflection;

namespace ExternalAction.ServiceDefaults;

/// <summary>
/// Enums of the domain and of the contract bear the same names on purpose; this is the one place where one becomes the other.
/// A name without a counterpart fails at the first use, and a test walks them all.
/// </summary>
public static class Names
{
    /// <summary>The value of the same name.</summary>
    public static TTo Map<TFrom, TTo>(TFrom value) where TFrom : struct, Enum where TTo : struct, Enum => Table<TFrom, TTo>.Values[value];

    /// <summary>The value of the same name; <c>UNSPECIFIED</c>, or a number the contract does not know, is refused with the field's name.</summary>
    public static TTo Read<TFrom, TTo>(TFrom value, string field) where TFrom : struct, Enum where TTo : struct, Enum =>
        Table<TFrom, TTo>.Values.TryGetValue(value, out var found)
            ? found
            : Convert.ToInt32(value, null) == 0 ? throw FormErrors.Required(field) : throw FormErrors.Invalid(field, $"{Convert.ToInt32(value, null)} is not a value of this field.");

    /// <summary>The name of a contract value as JSON prints it, for example <c>CONSTRUCTIVE_ABSTENTION</c>.</summary>
    public static string Printed<TContract>(TContract value) where TContract : struct, Enum => Originals<TContract>.Names[value];

    private static class Originals<TContract> where TContract : struct, Enum
    {
        internal static readonly FrozenDictionary<TContract, string> Names = Enum.GetValues<TContract>()
            .ToFrozenDictionary(v => v, v => typeof(TContract).GetField(v.ToString())!.GetCustomAttribute<OriginalNameAttribute>()!.Name);
    }

    private static class Table<TFrom, TTo> where TFrom : struct, Enum where TTo : struct, Enum
    {
        internal static readonly FrozenDictionary<TFrom, TTo> Values = Enum.GetValues<TFrom>()
            .Where(from => Enum.TryParse<TTo>(from.ToString(), out _) && from.ToString() != "Unspecified")
            .ToFrozenDictionary(from => from, from => Enum.Parse<TTo>(from.ToString()));
    }
}
