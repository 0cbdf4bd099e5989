using System.Buffers.Binary;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using NativeNoise.Bindings;

namespace NativeNoise.Bindings.Tests;

/// <summary>Where the library is looked for, and what is said when it is missing or another one.</summary>
public sealed class LoaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nativenoise-").FullName;

    public static bool IsLinux => OperatingSystem.IsLinux();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_library_comes_from_the_output_folder()
    {
        Assert.StartsWith(AppContext.BaseDirectory, BoundSurface.LoadedLibrary, StringComparison.Ordinal);
        Assert.True(File.Exists(BoundSurface.LoadedLibrary));
    }

    [Fact]
    public void Folders_are_searched_in_order_and_each_file_once()
    {
        string first = Path.Combine(_folder, "first");
        string second = Path.Combine(_folder, "second");

        IReadOnlyList<string> candidates = NativeLibraryLoader.Candidates(null, first, second, "", first);

        Assert.Equal(Path.Combine(first, NativeLibraryLoader.FileName), candidates[0]);
        Assert.Contains(
            Path.Combine(first, "runtimes", RuntimeInformation.RuntimeIdentifier, "native", NativeLibraryLoader.FileName), candidates);
        Assert.Equal(candidates.Count, candidates.Distinct().Count());
        Assert.All(candidates, file => Assert.True(Path.IsPathFullyQualified(file)));
        Assert.All(candidates.Take(candidates.Count / 2), file => Assert.StartsWith(first, file, StringComparison.Ordinal));
        Assert.All(candidates.Skip(candidates.Count / 2), file => Assert.StartsWith(second, file, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_the_user_names_is_the_only_candidate()
    {
        string file = Path.Combine(_folder, "mine.so");

        Assert.Equal([file], NativeLibraryLoader.Candidates(file, AppContext.BaseDirectory));
    }

    [Theory]
    [InlineData("libnativenoise.so")]
    [InlineData("./libnativenoise.so")]
    public void A_path_relative_to_the_current_directory_is_refused(string requested)
    {
        DllNotFoundException error = Assert.Throws<DllNotFoundException>(() => NativeLibraryLoader.Candidates(requested, _folder));

        Assert.Contains(NativeLibraryLoader.EnvironmentVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{requested}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_library_says_where_it_was_looked_for_in_order()
    {
        string[] candidates = [Path.Combine(_folder, "a", "lib.so"), Path.Combine(_folder, "b", "lib.so")];

        DllNotFoundException error = Assert.Throws<DllNotFoundException>(() => NativeLibraryLoader.Load(candidates, searchSystem: false));

        int[] places = [.. candidates.Select(file => error.Message.IndexOf($"{file}: no such file", StringComparison.Ordinal))];
        Assert.All(places, place => Assert.True(place >= 0, error.Message));
        Assert.Equal(places.Order(), places);
        Assert.Contains(NativeLibraryLoader.FileName, error.Message, StringComparison.Ordinal);
        Assert.Contains(NativeLibraryLoader.EnvironmentVariable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_loaded_ends_the_search_with_the_reason()
    {
        string broken = Path.Combine(_folder, NativeLibraryLoader.FileName);
        File.WriteAllText(broken, "not a library");
        DllNotFoundException error = Assert.ThrowsAny<DllNotFoundException>(
            () => NativeLibraryLoader.Load([broken, BoundSurface.LoadedLibrary], searchSystem: true));

        Assert.Contains(broken, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.InnerException);
        Assert.DoesNotContain(BoundSurface.LoadedLibrary, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_current_directory_is_never_searched()
    {
        // This test program again, in a process of its own, from a folder without the library, while a copy lies in the
        // current directory. (A search in this process would find the library that is already loaded, by its soname.)
        string program = Directory.CreateDirectory(Path.Combine(_folder, "program")).FullName;
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
        }

        string library = Path.Combine(_folder, NativeLibraryLoader.FileName);
        File.Copy(BoundSurface.LoadedLibrary, library);

        (int exitCode, string output) = RunVersionTest(program, library: null);

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"{Path.Combine(program, NativeLibraryLoader.FileName)}: no such file", output, StringComparison.Ordinal);
        Assert.Contains("operating system's search path: not found", output, StringComparison.Ordinal);

        // The same program with the same file, named: only the place was at fault.
        (exitCode, output) = RunVersionTest(program, library);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void A_first_call_without_the_named_library_says_so()
    {
        string missing = Path.Combine(_folder, "missing", NativeLibraryLoader.FileName);

        DllNotFoundException error = Assert.IsType<DllNotFoundException>(FirstCallWith(missing));

        Assert.Contains($"{missing}: no such file", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(AppContext.BaseDirectory, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_call_with_the_named_library_uses_it()
    {
        string copy = Path.Combine(_folder, "renamed.bin");
        File.Copy(BoundSurface.LoadedLibrary, copy);

        Assert.Null(FirstCallWith(copy));
    }

    [Fact]
    public void Another_ABI_is_refused_with_both_numbers_and_the_file()
    {
        uint other = NativeMethods.NNOISE_ABI_VERSION + 1;

        BadImageFormatException error = Assert.Throws<BadImageFormatException>(() => AbiCheck.VerifyVersion(other, "/some/file.so"));

        Assert.Contains($"ABI version {other};", error.Message, StringComparison.Ordinal);
        Assert.Contains($"needs ABI version {NativeMethods.NNOISE_ABI_VERSION}.", error.Message, StringComparison.Ordinal);
        Assert.Contains("'/some/file.so'", error.Message, StringComparison.Ordinal);
        Assert.Equal("/some/file.so", error.FileName);
        AbiCheck.VerifyVersion(NativeMethods.NNOISE_ABI_VERSION, "/some/file.so");
    }

    [Fact(Skip = "Patches an ELF file.", SkipUnless = nameof(IsLinux))]
    public void A_first_call_of_a_library_with_another_ABI_is_refused()
    {
        const uint Other = 4711;
        string library = LibraryWithAbi(Other);

        BadImageFormatException error = Assert.IsType<BadImageFormatException>(FirstCallWith(library));

        Assert.Contains($"ABI version {Other};", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{library}'", error.Message, StringComparison.Ordinal);
    }

    [Fact(Skip = "Loads the C library by its Linux name.", SkipUnless = nameof(IsLinux))]
    public void A_library_of_something_else_is_refused()
    {
        nint handle = NativeLibrary.Load("libc.so.6");

        BadImageFormatException error = Assert.Throws<BadImageFormatException>(() => AbiCheck.Verify(handle, "libc.so.6"));

        Assert.Contains("'libc.so.6' is not a NativeNoise library", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Runs one test of a copy of this program, with the temporary folder as the current directory.</summary>
    private (int ExitCode, string Output) RunVersionTest(string program, string? library)
    {
        string host = Path.GetFullPath(Path.Combine(
            RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        ProcessStartInfo start = new(host)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                Path.Combine(program, Path.GetFileName(GetType().Assembly.Location)),
                "--filter-method",
                $"{typeof(StatusTests).FullName}.{nameof(StatusTests.Versions_agree)}",
            },
        };
        start.Environment.Remove(NativeLibraryLoader.EnvironmentVariable);
        if (library is not null)
        {
            start.Environment[NativeLibraryLoader.EnvironmentVariable] = library;
        }

        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>What the first native call throws when <c>NATIVENOISE_LIBRARY</c> names a file; null when it succeeds.</summary>
    private Exception? FirstCallWith(string library)
    {
        Assembly bindings = FreshBindings("fresh");
        MethodInfo call = bindings.GetType(typeof(NativeMethods).FullName!, throwOnError: true)!
            .GetMethod(nameof(NativeMethods.nnoise_abi_version))!;
        PropertyInfo loaded = bindings.GetType(typeof(NativeLibraryLoader).FullName!, throwOnError: true)!
            .GetProperty(nameof(NativeLibraryLoader.LoadedFile))!;
        string? before = Environment.GetEnvironmentVariable(NativeLibraryLoader.EnvironmentVariable);
        Environment.SetEnvironmentVariable(NativeLibraryLoader.EnvironmentVariable, library);
        try
        {
            Assert.Equal(NativeMethods.NNOISE_ABI_VERSION, call.Invoke(null, null));
            Assert.Equal(library, loaded.GetValue(null));
            return null;
        }
        catch (TargetInvocationException error)
        {
            Assert.Null(loaded.GetValue(null));
            return error.InnerException;
        }
        finally
        {
            Environment.SetEnvironmentVariable(NativeLibraryLoader.EnvironmentVariable, before);
        }
    }

    /// <summary>A second copy of the bindings, which has loaded nothing yet, in a folder of its own.</summary>
    private Assembly FreshBindings(string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        string copy = Path.Combine(folder, Path.GetFileName(typeof(NativeMethods).Assembly.Location));
        File.Copy(typeof(NativeMethods).Assembly.Location, copy);
        return new AssemblyLoadContext(name).LoadFromAssemblyPath(copy);
    }

    /// <summary>
    /// A copy of the library whose <c>nnoise_abi_version</c> returns another number: the constant in the one instruction that
    /// loads it is replaced.
    /// </summary>
    private string LibraryWithAbi(uint abi)
    {
        byte[] bytes = File.ReadAllBytes(BoundSurface.LoadedLibrary);
        ElfFile elf = new(BoundSurface.LoadedLibrary);
        Span<byte> code = bytes.AsSpan(elf.FileOffset(elf.Exports[nameof(NativeMethods.nnoise_abi_version)]), 24);
        (byte[] before, byte[] after) = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => (MoveEax(NativeMethods.NNOISE_ABI_VERSION), MoveEax(abi)),
            Architecture.Arm64 => (MoveW0(NativeMethods.NNOISE_ABI_VERSION), MoveW0(abi)),
            Architecture other => throw new PlatformNotSupportedException($"No instruction known for {other}."),
        };
        int place = code.IndexOf(before);
        Assert.True(place >= 0, $"nnoise_abi_version does not load its constant as expected: {Convert.ToHexString(code)}");
        after.CopyTo(code[place..]);

        string file = Path.Combine(_folder, "other-abi.so");
        File.WriteAllBytes(file, bytes);
        return file;

        // mov eax, imm32
        static byte[] MoveEax(uint value)
        {
            byte[] instruction = [0xB8, 0, 0, 0, 0];
            BinaryPrimitives.WriteUInt32LittleEndian(instruction.AsSpan(1), value);
            return instruction;
        }

        // movz w0, #imm16
        static byte[] MoveW0(uint value)
        {
            byte[] instruction = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(instruction, 0x52800000 | (value << 5));
            return instruction;
        }
    }
}
