namespace NativeNoise;

/// <summary>
/// A tensor that a module learns. It requires a gradient, belongs to no <see cref="TensorScope"/>, and is disposed with its
/// module.
/// </summary>
public sealed class Parameter : Tensor
{
    private readonly Module _owner;
    private uint? _gradientSite;

    internal Parameter(Module owner, string localName, NativeBuffer buffer, int[] shape, long length, Device device)
        : base(buffer, shape, length, device, enlist: false)
    {
        _owner = owner;
        LocalName = localName;
        RequiresGrad = true;
    }

    /// <summary>Name inside the module, such as <c>weight</c>.</summary>
    public string LocalName { get; }

    /// <summary>Name inside the whole model, such as <c>fc1.weight</c>: the parameter's key in a state dict.</summary>
    public string Path => Module.Join(_owner.Path, LocalName);

    /// <summary>As <see cref="Path"/>. Cannot be set.</summary>
    /// <exception cref="NotSupportedException">On setting: the name follows from the model's structure.</exception>
    public override string? Name
    {
        get => Path;
        set => throw new NotSupportedException($"The name of parameter '{Path}' follows from the model's structure.");
    }

    /// <summary>Hash of the site of this parameter's gradient noise, <c>{path}:gradient</c>.</summary>
    public uint GradientSite => _gradientSite ??= NoiseKey.SiteHash(SiteName("gradient"));

    /// <summary>The site's name for a purpose: <c>{site path of the parameter}:{purpose}</c>.</summary>
    internal string SiteName(string purpose) => $"{Module.Join(_owner.SitePath, LocalName)}:{purpose}";

    internal void ForgetSite() => _gradientSite = null;
}
