namespace ExternalAction.Sanctions.Domain.Lists;

/// <summary>One entity of a file that could not be taken, with the place and the reason. The rest of the file is not touched by it.</summary>
/// <param name="Line">Line of the file, from 1: of the element or row at fault.</param>
/// <param name="Key">The entity's logicalId or DATAID as printed; empty if it has none.</param>
/// <param name="Reference">The entity's EU or UN reference as printed; empty if it has none.</param>
/// <param name="Field">Attribute or column at fault, with its element: <c>birthdate.birthdate</c>.</param>
/// <param name="Reason">A sentence for the person who imports.</param>
public sealed record Rejection(int Line, string Key, string Reference, string Field, string Reason)
{
    /// <summary>What the report calls the entity.</summary>
    public string Entity => Reference.Length > 0 ? Reference : Key;
}
