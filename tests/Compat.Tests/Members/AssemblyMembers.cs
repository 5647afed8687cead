// Reads the metadata of an assembly: which members of other assemblies it refers to, and which members it defines.
// Both come out as the same text (type, name and full signature), so that resolving a reference is finding that text.
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace ExternalAction.Compat.Tests;

/// <summary>One member, written out: its declaring type with the assembly in brackets, and its name with its signature.</summary>
internal readonly record struct MemberText(string Type, string Member)
{
    public override string ToString() => $"{Type}::{Member}";
}

/// <summary>The members an assembly refers to and defines.</summary>
internal sealed class AssemblyMembers : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly SignatureText _text = new();

    public AssemblyMembers(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _metadata = _file.GetMetadataReader();
    }

    public void Dispose() => _file.Dispose();

    /// <summary>The types of other assemblies this one refers to.</summary>
    public IEnumerable<string> TypesUsedOf(IReadOnlySet<string> assemblies) =>
        _metadata.TypeReferences.Where(handle => assemblies.Contains(AssemblyOf(handle))).Select(Qualified);

    /// <summary>The members of other assemblies this one refers to.</summary>
    public IEnumerable<MemberText> MembersUsedOf(IReadOnlySet<string> assemblies)
    {
        foreach (var handle in _metadata.MemberReferences)
        {
            var reference = _metadata.GetMemberReference(handle);
            if (DeclaringType(reference.Parent) is not { } type || !assemblies.Contains(AssemblyOf(type))) continue;
            var name = _metadata.GetString(reference.Name);
            var member = reference.GetKind() == MemberReferenceKind.Field
                ? $"{name} : {reference.DecodeFieldSignature(_text, null)}"
                : Method(name, reference.DecodeMethodSignature(_text, null));
            yield return new(Qualified(type), member);
        }
    }

    /// <summary>The types defined here, each with its base type and interfaces and the members others may use.</summary>
    public IEnumerable<(string Type, string[] Parents, string[] Members)> Types() =>
        from handle in _metadata.TypeDefinitions
        let type = _metadata.GetTypeDefinition(handle)
        let fields = type.GetFields().Select(field => _metadata.GetFieldDefinition(field))
            .Where(field => MayUse((int)(field.Attributes & FieldAttributes.FieldAccessMask)))
            .Select(field => $"{_metadata.GetString(field.Name)} : {field.DecodeSignature(_text, null)}")
        let methods = type.GetMethods().Select(method => _metadata.GetMethodDefinition(method))
            .Where(method => MayUse((int)(method.Attributes & MethodAttributes.MemberAccessMask)))
            .Select(method => Method(_metadata.GetString(method.Name), method.DecodeSignature(_text, null)))
        let parents = type.GetInterfaceImplementations().Select(each => _metadata.GetInterfaceImplementation(each).Interface).Append(type.BaseType)
            .Where(parent => !parent.IsNil).Select(ParentName)
        select (Qualified(handle), parents.ToArray(), fields.Concat(methods).ToArray());

    /// <summary>Public or protected; fields and methods number their access alike (ECMA-335, II.23.1.5 and II.23.1.10).</summary>
    private static bool MayUse(int access) =>
        (MethodAttributes)access is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static string Method(string name, MethodSignature<string> signature) =>
        $"{(signature.Header.IsInstance ? "" : "static ")}{name}`{signature.GenericParameterCount}({string.Join(", ", signature.ParameterTypes)}) : {signature.ReturnType}";

    private string ParentName(EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => Qualified((TypeReferenceHandle)parent),
        HandleKind.TypeDefinition => Qualified((TypeDefinitionHandle)parent),
        _ => GenericType((TypeSpecificationHandle)parent) is { IsNil: false } generic ? ParentName(generic) : "",
    };

    private string Qualified(TypeReferenceHandle type) => $"[{AssemblyOf(type)}]{SignatureText.Name(_metadata, type)}";

    private string Qualified(TypeDefinitionHandle type) =>
        $"[{_metadata.GetString(_metadata.GetAssemblyDefinition().Name)}]{SignatureText.Name(_metadata, type)}";

    private TypeReferenceHandle? DeclaringType(EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeSpecification) parent = GenericType((TypeSpecificationHandle)parent);
        return parent.Kind == HandleKind.TypeReference && !parent.IsNil ? (TypeReferenceHandle)parent : null;
    }

    /// <summary>The generic type of an instantiation, nil for other specifications such as arrays.</summary>
    private EntityHandle GenericType(TypeSpecificationHandle specification)
    {
        var signature = _metadata.GetBlobReader(_metadata.GetTypeSpecification(specification).Signature);
        if (signature.ReadByte() != (byte)SignatureTypeCode.GenericTypeInstance) return default;
        signature.ReadByte(); // class or value type
        return signature.ReadTypeHandle();
    }

    private string AssemblyOf(TypeReferenceHandle handle)
    {
        var scope = _metadata.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.AssemblyReference => _metadata.GetString(_metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            HandleKind.TypeReference => AssemblyOf((TypeReferenceHandle)scope),
            _ => "",
        };
    }

    /// <summary>Writes signatures out; whether a type is a class or a value type is part of the signature and of the text.</summary>
    private sealed class SignatureText : ISignatureTypeProvider<string, object?>
    {
        private const byte ValueType = (byte)SignatureTypeKind.ValueType;

        public static string Name(MetadataReader reader, TypeReferenceHandle handle)
        {
            var type = reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{Name(reader, (TypeReferenceHandle)type.ResolutionScope)}/{reader.GetString(type.Name)}"
                : $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public static string Name(MetadataReader reader, TypeDefinitionHandle handle)
        {
            var type = reader.GetTypeDefinition(handle);
            var outer = type.GetDeclaringType();
            return outer.IsNil ? $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}" : $"{Name(reader, outer)}/{reader.GetString(type.Name)}";
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Kind(rawTypeKind) + Name(reader, handle);

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Kind(rawTypeKind) + Name(reader, handle);

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(",", typeArguments)}>";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{shape.Rank}]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPinnedType(string elementType) => elementType;

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => $"{unmodifiedType} {(isRequired ? "modreq" : "modopt")} {modifier}";

        public string GetFunctionPointerType(MethodSignature<string> signature) => Method("*", signature);

        private static string Kind(byte rawTypeKind) => rawTypeKind == ValueType ? "valuetype " : "";
    }
}
