namespace NativeNoise;

/// <summary>Magnitude of one noise at one step.</summary>
/// <param name="Path">Path of the module; its site, where it has one.</param>
/// <param name="Kind">Which magnitude, such as <c>gaussian.std</c>.</param>
/// <param name="Value">Its value.</param>
public readonly record struct NoiseLevel(string Path, string Kind, double Value)
{
    /// <summary><c>{path}:{kind}</c>.</summary>
    public string Name => $"{Path}:{Kind}";
}

/// <summary>
/// A layer or a model of layers. Derived classes register parameters and children in their constructor and compute in
/// <see cref="ForwardCore"/>; callers use <see cref="Forward"/>.
/// </summary>
/// <remarks>
/// <para>The names under which children are registered, joined by dots, are the paths that name parameters
/// (<c>fc1.weight</c>) and noise sites (<c>fc1:weight</c>). A module outside any model that draws noise needs a
/// <see cref="Site"/>.</para>
/// <para>Initial parameters are noise as well: a function of the seed and the path. A new module is initialised with seed 0, and
/// again when it gets its path; <see cref="Initialize"/> chooses the seed.</para>
/// </remarks>
/// <example>
/// A layer with noise of its own: the site is declared once, and every use draws at an address of its own.
/// <code>
/// sealed class Speckle : Module
/// {
///     private readonly Schedule _std;
///     private readonly NoiseSite _site;
///
///     public Speckle(Schedule std)
///     {
///         _std = std;
///         _site = DeclareSite("speckle");
///     }
///
///     protected override Tensor ForwardCore(Tensor x, NoiseFrame? frame)
///     {
///         if (!DrawsNoise(frame))
///         {
///             return x;
///         }
///
///         float std = (float)_std.Value(frame.MagnitudeStep);
///         return Functional.MultiplicativeGaussianNoise(x, std, frame.Key(SiteOf(_site, CountUse(frame))));
///     }
/// }
/// </code>
/// </example>
public abstract partial class Module : IDisposable
{
    private readonly List<Module> _children = [];
    private readonly List<Parameter> _parameters = [];
    private readonly List<NoiseSite> _sites = [];
    private readonly string? _site;
    private Module? _parent;
    private SiteTable? _siteTable;
    private bool _isChecked;
    private long _initialVersions = -1;
    private bool _isDisposed;

    /// <summary>Name within the parent; null outside any model.</summary>
    public string? Name { get; private set; }

    /// <summary>Names from the root to here, joined by dots; empty for the root.</summary>
    public string Path => _parent is null ? "" : Join(_parent.Path, Name!);

    /// <summary>
    /// Explicit name that takes the path's place in the names of noise sites; null: the path. Required outside any model.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public string? Site
    {
        get => _site;
        init
        {
            if (value is not null && string.IsNullOrWhiteSpace(value))
            {
                throw new ArgumentException("A site's name must not be empty.", nameof(value));
            }

            _site = value;
            ForgetSites();
            InitializeUntouched();
        }
    }

    /// <summary>Whether the module is in training mode (true). Matters in <see cref="NoiseMode.Train"/> alone.</summary>
    public bool IsTraining { get; private set; } = true;

    /// <summary>Registered children, in order.</summary>
    public IReadOnlyList<Module> Children => _children;

    /// <summary>What stands in the names of sites: the nearest explicit site, with the path from there.</summary>
    internal string SitePath => _site ?? (_parent is null ? "" : Join(_parent.SitePath, Name!));

    /// <summary>The model that the module is part of.</summary>
    internal Module Root
    {
        get
        {
            Module root = this;
            while (root._parent is { } parent)
            {
                root = parent;
            }

            return root;
        }
    }

    /// <summary>Whether the module has been disposed.</summary>
    internal bool IsDisposed => _isDisposed;

    /// <summary>The sites of the model; for the root.</summary>
    internal SiteTable Sites => _siteTable ?? Interlocked.CompareExchange(ref _siteTable, new SiteTable(), null) ?? _siteTable;

    /// <summary>
    /// Computes the output. Called on the outermost module, it begins a pass of the frame; the first time it checks that no two
    /// noise sites of the model are equal.
    /// </summary>
    /// <param name="x">Input; its first dimension counts examples.</param>
    /// <param name="frame">Address and mode of the noise. May be null where no noise is due (after <see cref="Eval"/>).</param>
    /// <returns>
    /// The output; <paramref name="x"/> itself where the module has nothing to do (noise modules without noise), and then
    /// disposing the output disposes the input. Within a <see cref="TensorScope"/> nothing needs to be disposed by hand.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="x"/> is null.</exception>
    /// <exception cref="ArgumentException">The input's shape does not fit.</exception>
    /// <exception cref="InvalidOperationException">
    /// Noise is due, but there is no frame, or a module has no site; or two sites of the model are equal.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The module or the input has been disposed.</exception>
    public Tensor Forward(Tensor x, NoiseFrame? frame = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (frame is null)
        {
            return ForwardCore(x, null);
        }

        bool begins = frame.Enter();
        try
        {
            if (begins)
            {
                CheckSites();
            }

            return ForwardCore(x, frame);
        }
        finally
        {
            frame.Leave();
        }
    }

    /// <summary>Sets training mode, here and in all descendants.</summary>
    /// <param name="on">Whether to train (true).</param>
    /// <returns>This module.</returns>
    public Module Train(bool on = true)
    {
        IsTraining = on;
        foreach (Module child in _children)
        {
            child.Train(on);
        }

        return this;
    }

    /// <summary>Ends training mode, here and in all descendants.</summary>
    /// <returns>This module.</returns>
    public Module Eval() => Train(false);

    /// <summary>Makes operations on the parameters themselves (initialisation, KL, optimiser steps) run on a device.</summary>
    /// <param name="device">The device.</param>
    /// <returns>This module.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="device"/> is null.</exception>
    public Module To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        foreach (Parameter parameter in _parameters)
        {
            parameter.Device = device;
        }

        foreach (Module child in _children)
        {
            child.To(device);
        }

        return this;
    }

    /// <summary>Draws all parameters of the tree anew, as a function of the seed and each module's path.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>This module.</returns>
    public Module Initialize(ulong seed)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        InitializeCore(seed);
        _initialVersions = -1;
        foreach (Module child in _children)
        {
            child.Initialize(seed);
        }

        return this;
    }

    /// <summary>
    /// Divergence of all variational layers of the tree from their priors, summed: a differentiable scalar; null when there is
    /// no variational layer. Each layer counts once, however often a pass uses it.
    /// </summary>
    /// <returns>The divergence, or null.</returns>
    public Tensor? KlDivergence()
    {
        Tensor? sum = KlDivergenceCore();
        foreach (Module child in _children)
        {
            if (child.KlDivergence() is { } more)
            {
                sum = sum is null ? more : Functional.Add(sum, more);
            }
        }

        return sum;
    }

    /// <summary>Every magnitude of noise in the tree at a step.</summary>
    /// <param name="step">Optimiser step.</param>
    /// <returns>The magnitudes, in the order of the modules.</returns>
    public IEnumerable<NoiseLevel> NoiseLevels(long step)
    {
        foreach (NoiseLevel level in NoiseLevelsCore(step))
        {
            yield return level;
        }

        foreach (Module child in _children)
        {
            foreach (NoiseLevel level in child.NoiseLevels(step))
            {
                yield return level;
            }
        }
    }

    /// <summary>Disposes parameters and children.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Type and path.</summary>
    /// <returns>Such as <c>Linear 'fc1'</c>.</returns>
    public override string ToString() => Describe();

    internal static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>For messages.</summary>
    internal string Describe() => SitePath is { Length: > 0 } path ? $"{GetType().Name} '{path}'" : GetType().Name;

    /// <summary>Computes the output; for derived classes.</summary>
    /// <param name="x">Input.</param>
    /// <param name="frame">Address and mode of the noise, or null. Children get it unchanged.</param>
    /// <returns>The output.</returns>
    protected abstract Tensor ForwardCore(Tensor x, NoiseFrame? frame);

    /// <summary>Draws this module's own parameters; for derived classes that have some.</summary>
    /// <param name="seed">The seed.</param>
    protected virtual void InitializeCore(ulong seed)
    {
    }

    /// <summary>This module's own divergence from its prior, or null; for derived classes.</summary>
    /// <returns>A differentiable scalar, or null.</returns>
    protected virtual Tensor? KlDivergenceCore() => null;

    /// <summary>This module's own magnitudes of noise; for derived classes.</summary>
    /// <param name="step">Optimiser step.</param>
    /// <returns>The magnitudes.</returns>
    protected virtual IEnumerable<NoiseLevel> NoiseLevelsCore(long step) => [];

    /// <summary>Disposes what the module owns.</summary>
    /// <param name="disposing">True: called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            foreach (Parameter parameter in _parameters)
            {
                parameter.Dispose();
            }

            foreach (Module child in _children)
            {
                child.Dispose();
            }
        }
    }

    /// <summary>
    /// Whether noise is due: in <see cref="NoiseMode.Train"/> when the module is in training mode, in
    /// <see cref="NoiseMode.Sample"/> always, in <see cref="NoiseMode.Mean"/> never.
    /// </summary>
    /// <param name="frame">The frame; null is fine outside training mode.</param>
    /// <returns>Whether noise is due.</returns>
    /// <exception cref="InvalidOperationException">There is no frame, but the module is in training mode.</exception>
    protected bool DrawsNoise([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] NoiseFrame? frame)
    {
        if (frame is null)
        {
            return IsTraining
                ? throw new InvalidOperationException(
                    $"{Describe()} is in training mode and draws noise, but Forward was given no NoiseFrame. Give one " +
                    "(Forward(x, new NoiseFrame(seed, step))), or call Eval() first for a pass without noise.")
                : false;
        }

        return frame.Mode switch
        {
            NoiseMode.Train => IsTraining,
            NoiseMode.Mean => false,
            _ => true,
        };
    }

    /// <summary>Counts a use of this module's noise in the frame's pass.</summary>
    /// <param name="frame">The frame.</param>
    /// <returns>Number of uses before this one in the pass, for <see cref="SiteOf"/>.</returns>
    /// <exception cref="InvalidOperationException">The module is outside any model and has no <see cref="Site"/>.</exception>
    protected int CountUse(NoiseFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        RequireSite();
        return frame.CountUse(this);
    }

    /// <summary>The site's hash for a use.</summary>
    /// <param name="site">The site, of this module.</param>
    /// <param name="use">What <see cref="CountUse"/> returned.</param>
    /// <returns>The site for a <see cref="NoiseKey"/>.</returns>
    /// <exception cref="InvalidOperationException">
    /// The module is outside any model and has no <see cref="Site"/>; or another site of the model has the same hash.
    /// </exception>
    protected static uint SiteOf(NoiseSite site, int use)
    {
        ArgumentNullException.ThrowIfNull(site);
        return site.Hash(use);
    }

    /// <summary>Declares a place where this module draws noise; in the constructor.</summary>
    /// <param name="purpose">What the noise is for.</param>
    /// <returns>The site.</returns>
    protected NoiseSite DeclareSite(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        NoiseSite site = new(this, purpose);
        _sites.Add(site);
        return site;
    }

    /// <summary>Address for drawing initial parameters: site <c>{path}.{parameter}:init</c>.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="parameter">The parameter's name inside the module.</param>
    /// <returns>The address.</returns>
    protected NoiseKey InitialKey(ulong seed, string parameter) =>
        NoiseKey.ForSite(seed, $"{Join(SitePath, parameter)}:init");

    /// <summary>Throws for a module that is outside any model and has no <see cref="Site"/>: nothing names its noise.</summary>
    internal void RequireSite()
    {
        if (_parent is null && _site is null)
        {
            throw new InvalidOperationException(
                $"{GetType().Name} draws noise but has no site: put it into a model, or give it one " +
                $"(new {GetType().Name}(...) {{ Site = \"name\" }}).");
        }
    }

    private void CheckSites()
    {
        Module root = Root;
        if (root._isChecked)
        {
            return;
        }

        root.ClaimSites(root.Sites);
        root._isChecked = true;
    }

    /// <summary>Enters the sites of the tree into a table, where no two may be equal.</summary>
    /// <exception cref="InvalidOperationException">Two are equal.</exception>
    internal void ClaimSites(SiteTable table)
    {
        if (_parent is not null || _site is not null)
        {
            foreach (NoiseSite site in _sites)
            {
                table.Claim(site.Hash(0), site.Name, this);
            }
        }

        foreach (Parameter parameter in _parameters)
        {
            table.Claim(parameter.GradientSite, parameter.SiteName("gradient"), parameter);
            string initial = parameter.SiteName("init");
            table.Claim(NoiseKey.SiteHash(initial), initial, parameter);
        }

        foreach (Module child in _children)
        {
            child.ClaimSites(table);
        }
    }

    private void ForgetSites()
    {
        foreach (NoiseSite site in _sites)
        {
            site.Forget();
        }

        foreach (Parameter parameter in _parameters)
        {
            parameter.ForgetSite();
        }

        foreach (Module child in _children)
        {
            child.ForgetSites();
        }

        (_siteTable, _isChecked) = (null, false);
    }
}
