using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace NativeNoise.Bindings;

/// <summary>
/// Finds and loads the native library, and refuses one with another ABI. Order: the file that the environment variable
/// <c>NATIVENOISE_LIBRARY</c> names and no other; beside this assembly; the application's folder (in both, also
/// <c>runtimes/&lt;rid&gt;/native</c>, where NuGet puts native files); then the operating system's own search. The current
/// directory is never searched. Each attempt stands in the exception when none succeeds.
/// </summary>
internal static class NativeLibraryLoader
{
    /// <summary>The name that the imports use.</summary>
    public const string LibraryName = "nativenoise";

    /// <summary>Environment variable with the full path of the library to use.</summary>
    public const string EnvironmentVariable = "NATIVENOISE_LIBRARY";

    private static readonly Lock Gate = new();
    private static nint _handle;
    private static string? _loadedFile;
    private static bool _registered;

    /// <summary>The library's file name on this operating system.</summary>
    public static string FileName { get; } =
        OperatingSystem.IsWindows() ? "nativenoise.dll" :
        OperatingSystem.IsMacOS() ? "libnativenoise.dylib" :
        "libnativenoise.so";

    /// <summary>
    /// The file that was loaded; its plain name where the operating system's search found it; null before the first call.
    /// </summary>
    public static string? LoadedFile
    {
        get
        {
            lock (Gate)
            {
                return _loadedFile;
            }
        }
    }

    /// <summary>Makes this class resolve the imports of this assembly. Later calls do nothing.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (!_registered)
            {
                NativeLibrary.SetDllImportResolver(typeof(NativeLibraryLoader).Assembly, Resolve);
                _registered = true;
            }
        }
    }

    /// <summary>The files to try, best first, without repetitions.</summary>
    /// <param name="requested">The value of <c>NATIVENOISE_LIBRARY</c>; null or empty when it is not set.</param>
    /// <param name="folders">Folders to look in; empty ones are passed over.</param>
    /// <exception cref="DllNotFoundException"><paramref name="requested"/> is not a full path.</exception>
    public static IReadOnlyList<string> Candidates(string? requested, params ReadOnlySpan<string> folders)
    {
        if (!string.IsNullOrEmpty(requested))
        {
            return Path.IsPathFullyQualified(requested)
                ? [requested]
                : throw new DllNotFoundException(
                    $"The environment variable {EnvironmentVariable} is '{requested}'; expected the full path of {FileName}.");
        }

        List<string> candidates = [];
        foreach (string folder in folders)
        {
            if (string.IsNullOrEmpty(folder))
            {
                continue;
            }

            string root = Path.GetFullPath(folder);
            Add(Path.Combine(root, FileName));
            Add(Path.Combine(root, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", FileName));
            Add(Path.Combine(root, "runtimes", PortableRuntimeIdentifier, "native", FileName));
        }

        return candidates;

        void Add(string file)
        {
            if (!candidates.Contains(file))
            {
                candidates.Add(file);
            }
        }
    }

    /// <summary>Loads the first of the files that exists and checks its ABI.</summary>
    /// <param name="candidates">Full paths, best first.</param>
    /// <param name="searchSystem">Whether the operating system's search follows when none of the files exists.</param>
    /// <returns>The library's handle and the file it came from.</returns>
    /// <exception cref="DllNotFoundException">
    /// None was found, or one that exists cannot be loaded: it ends the search, because going on to another copy would hide
    /// the fault. The message has each attempt and its outcome.
    /// </exception>
    /// <exception cref="BadImageFormatException">The library found has another ABI.</exception>
    public static (nint Handle, string File) Load(IReadOnlyList<string> candidates, bool searchSystem)
    {
        List<string> attempts = [];
        foreach (string file in candidates)
        {
            if (!File.Exists(file))
            {
                attempts.Add($"{file}: no such file");
                continue;
            }

            nint handle;
            try
            {
                handle = NativeLibrary.Load(file);
            }
            catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
            {
                attempts.Add($"{file}: {OneLine(error.Message)}");
                throw NotFound(attempts, error);
            }

            return (Verified(handle, file), file);
        }

        if (searchSystem)
        {
            // Both flags leave the current directory out: the assembly's own folder, then the system's folders
            // (Unix: what dlopen searches for a bare name; Windows: LOAD_LIBRARY_SEARCH_DEFAULT_DIRS).
            const DllImportSearchPath Safe = DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories;
            if (NativeLibrary.TryLoad(LibraryName, typeof(NativeLibraryLoader).Assembly, Safe, out nint handle))
            {
                return (Verified(handle, FileName), FileName);
            }

            attempts.Add($"{FileName} on the operating system's search path: not found");
        }

        throw NotFound(attempts, null);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != LibraryName)
        {
            return 0;
        }

        lock (Gate)
        {
            if (_handle == 0)
            {
                string? requested = Environment.GetEnvironmentVariable(EnvironmentVariable);
                IReadOnlyList<string> candidates = Candidates(requested, AssemblyFolder(), AppContext.BaseDirectory);
                (_handle, _loadedFile) = Load(candidates, searchSystem: string.IsNullOrEmpty(requested));
            }

            return _handle;
        }
    }

    private static nint Verified(nint handle, string file)
    {
        try
        {
            AbiCheck.Verify(handle, file);
            return handle;
        }
        catch
        {
            NativeLibrary.Free(handle);
            throw;
        }
    }

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("SingleFile", "IL3000",
        Justification = "Empty in a single-file application, which the caller passes over.")]
    private static string AssemblyFolder() => Path.GetDirectoryName(typeof(NativeLibraryLoader).Assembly.Location) ?? "";

    private static string PortableRuntimeIdentifier
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static DllNotFoundException NotFound(List<string> attempts, Exception? inner)
    {
        StringBuilder text = new($"The native library '{FileName}' could not be loaded. Tried, in this order:");
        foreach (string attempt in attempts)
        {
            text.Append("\n  ").Append(attempt);
        }

        text.Append($"\nThe environment variable {EnvironmentVariable} can name the file to use.");
        return new DllNotFoundException(text.ToString(), inner);
    }

    private static string OneLine(string text) => string.Join(' ', text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
}
