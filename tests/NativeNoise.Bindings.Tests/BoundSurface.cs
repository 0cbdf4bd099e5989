using System.Reflection;
using System.Runtime.InteropServices;
using NativeNoise.Bindings;

namespace NativeNoise.Bindings.Tests;

/// <summary>What the generated code declares, read by reflection.</summary>
internal static class BoundSurface
{
    private static Type[] Types { get; } = typeof(NativeMethods).Assembly.GetTypes();

    /// <summary>The file that the imports of this process come from.</summary>
    public static string LoadedLibrary =>
        NativeMethods.nnoise_abi_version() == NativeMethods.NNOISE_ABI_VERSION
            ? NativeLibraryLoader.LoadedFile!
            : throw new InvalidOperationException("The loader let another ABI pass.");

    /// <summary>Every import.</summary>
    public static IReadOnlyList<MethodInfo> Imports { get; } =
        [.. typeof(NativeMethods)
            .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(method => method.GetCustomAttribute<DllImportAttribute>() is not null)];

    /// <summary>Every struct that has fields: opaque handles have none.</summary>
    public static IReadOnlyList<Type> Structs { get; } =
        [.. Types.Where(type => type is { IsValueType: true, IsEnum: false } && IsNative(type) && Fields(type).Count > 0)];

    /// <summary>Every enum.</summary>
    public static IReadOnlyList<Type> Enums { get; } = [.. Types.Where(type => type.IsEnum && IsNative(type))];

    /// <summary>A struct's fields.</summary>
    public static IReadOnlyList<FieldInfo> Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    /// <summary>The symbol that an import asks the library for.</summary>
    public static string Symbol(MethodInfo import) =>
        import.GetCustomAttribute<DllImportAttribute>()!.EntryPoint is { Length: > 0 } name ? name : import.Name;

    private static bool IsNative(Type type) => type.Name.StartsWith("nnoise_", StringComparison.Ordinal);
}
