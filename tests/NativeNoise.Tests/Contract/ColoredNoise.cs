namespace NativeNoise.Tests.Contract;

/// <summary>Pink and brown noise along a line, section 6 of docs/noise-contract.md.</summary>
internal sealed class ColoredNoise
{
    private readonly float _direct;
    private readonly float[] _pole;
    private readonly float[] _gain;
    private readonly float[][] _start;

    private ColoredNoise(string direct, string[] pole, string[] gain, string[] start)
    {
        _direct = HexFloat.Parse(direct);
        _pole = [.. pole.Select(HexFloat.Parse)];
        _gain = [.. gain.Select(HexFloat.Parse)];
        _start = [.. start.Select(line => line.Split(", ").Select(HexFloat.Parse).ToArray())];
    }

    /// <summary>Brown noise.</summary>
    public static ColoredNoise Brown { get; } = new("0x0p0", ["0x1.ff8p-1"], ["0x1.69f346p-5"], ["0x1.6a208ap+4"]);

    /// <summary>Pink noise.</summary>
    public static ColoredNoise Pink { get; } = new(
        "0x1.e9955ap-4",
        ["-0x1p-1", "0x1p-1", "0x1.cp-1", "0x1.fp-1", "0x1.fcp-1", "0x1.ffp-1", "0x1.ffcp-1", "0x1.fffp-1",
            "0x1.fffcp-1"],
        ["-0x1.036e88p-5", "0x1.bd641p-3", "0x1.502c7p-4", "0x1.6639dap-5", "0x1.1aa3d6p-6", "0x1.722e14p-7",
            "0x1.10d4cap-8", "0x1.cbcc46p-9", "0x1.8f10e8p-10"],
        [
            "0x1.279a74p+0",
            "0x1.62b958p-1, 0x1.d8f72p-1",
            "0x1.3474a6p-1, 0x1.79005ap+0, 0x1.513344p+0",
            "0x1.2ab708p-1, 0x1.a97148p+0, 0x1.6de446p+1, 0x1.1da8b2p+1",
            "0x1.28600ap-1, 0x1.b6d1acp+0, 0x1.c9e82ep+1, 0x1.621fep+2, 0x1.0c37a4p+2",
            "0x1.27cbcp-1, 0x1.ba409cp+0, 0x1.e5e0fcp+1, 0x1.ce1e56p+2, 0x1.5d31p+3, 0x1.0688e8p+3",
            "0x1.27a6c6p-1, 0x1.bb1ddp+0, 0x1.ed3fe2p+1, 0x1.eff2f2p+2, 0x1.ce6beep+3, 0x1.5b762ap+4, 0x1.04c15ep+4",
            "0x1.279d88p-1, 0x1.bb5536p+0, 0x1.ef1dfap+1, 0x1.f8f016p+2, 0x1.f239f8p+3, 0x1.ce52d6p+4, 0x1.5ae754p+5, 0x1.0437aap+5",
            "0x1.279b3ap-1, 0x1.bb631p+0, 0x1.ef95e8p+1, 0x1.fb3864p+2, 0x1.fbc3a8p+3, 0x1.f2bf12p+4, 0x1.ce41a8p+5, 0x1.5abb8ap+6, 0x1.040f32p+6",
        ]);

    /// <summary>Power of the noise at a frequency, over that of its normals.</summary>
    /// <param name="frequency">In cycles a sample, up to 1/2.</param>
    public double Power(double frequency)
    {
        System.Numerics.Complex sum = _direct;
        for (int i = 0; i < _pole.Length; i++)
        {
            sum += _gain[i] / (1 - (_pole[i] * System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency)));
        }

        return sum.Magnitude * sum.Magnitude;
    }

    /// <summary>Variance of the noise once it has run for ever.</summary>
    public double Variance()
    {
        double variance = _direct * (double)_direct;
        for (int i = 0; i < _pole.Length; i++)
        {
            variance += 2.0 * _direct * _gain[i];
            for (int j = 0; j < _pole.Length; j++)
            {
                variance += (double)_gain[i] * _gain[j] / (1 - ((double)_pole[i] * _pole[j]));
            }
        }

        return variance;
    }

    /// <summary>Largest error of the starting covariance, in units of the states' standard deviations.</summary>
    public double StartError()
    {
        double worst = 0;
        for (int i = 0; i < _pole.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double covariance = 0;
                for (int k = 0; k <= j; k++)
                {
                    covariance += (double)_start[i][k] * _start[j][k];
                }

                double scale = Math.Sqrt((1 - ((double)_pole[i] * _pole[i])) * (1 - ((double)_pole[j] * _pole[j])));
                worst = Math.Max(worst, scale * Math.Abs(covariance - (1 / (1 - ((double)_pole[i] * _pole[j])))));
            }
        }

        return worst;
    }

    /// <summary>The values of one line.</summary>
    /// <param name="line">Number of the line, o.</param>
    /// <param name="length">Its length, T.</param>
    /// <param name="normal">The normal of an element at a salt.</param>
    public float[] Line(long line, long length, Func<uint, long, float> normal)
    {
        float[] state = new float[_pole.Length];
        for (int i = 0; i < state.Length; i++)
        {
            state[i] = _start[i][0] * normal(1, line);
            for (int j = 1; j <= i; j++)
            {
                state[i] = MathF.FusedMultiplyAdd(_start[i][j], normal((uint)(j + 1), line), state[i]);
            }
        }

        float[] values = new float[length];
        for (long t = 0; t < length; t++)
        {
            float n = normal(0, (line * length) + t);
            for (int i = 0; i < state.Length; i++)
            {
                state[i] = MathF.FusedMultiplyAdd(_pole[i], state[i], n);
                values[t] = i == 0 ? _gain[0] * state[0] : MathF.FusedMultiplyAdd(_gain[i], state[i], values[t]);
            }

            values[t] = MathF.FusedMultiplyAdd(_direct, n, values[t]);
        }

        return values;
    }
}
