using System.Reflection;
using System.Runtime.InteropServices;
using NativeNoise.Bindings;

namespace NativeNoise.Bindings.Tests;

/// <summary>The functions on both sides of the boundary are the same.</summary>
public sealed class ImportTests
{
    public static bool IsLinux => OperatingSystem.IsLinux();

    public static TheoryData<string> Imports => [.. BoundSurface.Imports.Select(import => import.Name)];

    [Theory]
    [MemberData(nameof(Imports))]
    public void Every_import_resolves(string name)
    {
        MethodInfo import = BoundSurface.Imports.Single(method => method.Name == name);

        // Looks the symbol up through the resolver and builds the call's stub, as the first call would.
        Marshal.Prelink(import);
    }

    [Fact]
    public void Every_import_is_blittable_cdecl_and_spelled_exactly()
    {
        Assert.All(BoundSurface.Imports, import =>
        {
            DllImportAttribute attribute = import.GetCustomAttribute<DllImportAttribute>()!;
            Assert.Equal(NativeLibraryLoader.LibraryName, attribute.Value);
            Assert.Equal(CallingConvention.Cdecl, attribute.CallingConvention);
            Assert.True(attribute.ExactSpelling);
            Assert.False(attribute.SetLastError);
            Assert.All(import.GetParameters().Append(import.ReturnParameter), parameter =>
            {
                Type type = parameter.ParameterType;
                Assert.True(
                    type == typeof(void) || type.IsPointer || type.IsEnum || type.IsValueType,
                    $"{import.Name}({parameter.Name}) is a managed type: {type}");
                Assert.NotEqual(typeof(bool), type);
                Assert.NotEqual(typeof(char), type);
            });
        });
    }

    [Fact(Skip = "Reads ELF files.", SkipUnless = nameof(IsLinux))]
    public void Every_exported_symbol_is_bound_and_nothing_else_is_exported()
    {
        ElfFile library = new(BoundSurface.LoadedLibrary);

        Assert.NotEmpty(library.Exports);
        Assert.Equal(
            BoundSurface.Imports.Select(BoundSurface.Symbol).Order(StringComparer.Ordinal),
            library.Exports.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Runtime_marshalling_is_off()
    {
        Assert.NotNull(typeof(NativeMethods).Assembly
            .GetCustomAttribute<System.Runtime.CompilerServices.DisableRuntimeMarshallingAttribute>());
    }

    [Fact]
    public void Nothing_is_public()
    {
        Assert.Empty(typeof(NativeMethods).Assembly.GetExportedTypes());
    }
}
