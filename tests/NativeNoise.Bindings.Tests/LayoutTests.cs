using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NativeNoise.Bindings;

namespace NativeNoise.Bindings.Tests;

/// <summary>Structs lie in memory as the native compiler laid them out.</summary>
public sealed unsafe class LayoutTests
{
    public static TheoryData<string> Structs => [.. BoundSurface.Structs.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Structs))]
    public void Size_and_every_field_equal_what_the_library_reports(string name)
    {
        Type type = BoundSurface.Structs.Single(candidate => candidate.Name == name);
        List<(string Field, long Offset, long Size)> bound = [("", 0, SizeOf(type))];
        foreach (FieldInfo field in BoundSurface.Fields(type))
        {
            bound.Add((field.Name, Marshal.OffsetOf(type, field.Name), SizeOf(field.FieldType)));
        }

        Assert.Equal(
            ReadTable().Where(line => line.Struct == name).Select(line => (line.Field, line.Offset, line.Size)).Order(),
            bound.Order());
    }

    [Fact]
    public void The_library_describes_the_bound_structs_and_no_others()
    {
        Assert.Equal(
            BoundSurface.Structs.Select(type => type.Name).Order(StringComparer.Ordinal),
            ReadTable().Select(line => line.Struct).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void An_index_outside_the_table_is_refused(int index)
    {
        nnoise_layout layout = default;

        Assert.Equal(nnoise_status.NNOISE_STATUS_INVALID_ARGUMENT, NativeMethods.nnoise_layout_entry(index, &layout));
        Assert.Contains(index.ToString(), NativeText.LastError(), StringComparison.Ordinal);
        Assert.True(layout.struct_name is null && layout.field_name is null && layout.offset == 0 && layout.size == 0);
    }

    [Fact]
    public void The_line_after_the_last_and_a_null_result_are_refused()
    {
        nnoise_layout layout = default;

        Assert.Equal(
            nnoise_status.NNOISE_STATUS_INVALID_ARGUMENT,
            NativeMethods.nnoise_layout_entry(NativeMethods.nnoise_layout_count(), &layout));
        Assert.Equal(nnoise_status.NNOISE_STATUS_NULL_POINTER, NativeMethods.nnoise_layout_entry(0, null));
    }

    [Fact]
    public void Options_structs_begin_with_the_size_that_their_default_function_writes()
    {
        nnoise_context_options context = default;
        nnoise_linear linear = default;
        nnoise_optimizer_options optimizer = default;

        Assert.Equal(nnoise_status.NNOISE_STATUS_OK, NativeMethods.nnoise_context_options_default(&context));
        Assert.Equal(nnoise_status.NNOISE_STATUS_OK, NativeMethods.nnoise_linear_default(&linear));
        Assert.Equal(nnoise_status.NNOISE_STATUS_OK, NativeMethods.nnoise_optimizer_options_default(&optimizer));

        Assert.Equal((uint)sizeof(nnoise_context_options), context.size);
        Assert.Equal((uint)sizeof(nnoise_linear), linear.size);
        Assert.Equal((uint)sizeof(nnoise_optimizer_options), optimizer.size);
    }

    private static List<(string Struct, string Field, long Offset, long Size)> ReadTable()
    {
        List<(string, string, long, long)> lines = [];
        int count = NativeMethods.nnoise_layout_count();
        for (int i = 0; i < count; i++)
        {
            nnoise_layout layout;
            Assert.Equal(nnoise_status.NNOISE_STATUS_OK, NativeMethods.nnoise_layout_entry(i, &layout));
            lines.Add((NativeText.Read(layout.struct_name), NativeText.Read(layout.field_name), layout.offset, layout.size));
        }

        return lines;
    }

    private static long SizeOf(Type type)
    {
        if (type.IsPointer)
        {
            return sizeof(nint);
        }

        MethodInfo method = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type);
        return (int)method.Invoke(null, null)!;
    }
}
