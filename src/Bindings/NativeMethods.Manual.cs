namespace NativeNoise.Bindings;

/// <summary>The C ABI of native/include/nativenoise, one method per function.</summary>
internal static unsafe partial class NativeMethods
{
    // An explicit static constructor (no beforefieldinit) runs before the first call of any import, so the resolver is in
    // place however the library is first reached.
    static NativeMethods() => NativeLibraryLoader.Register();
}
