namespace NativeNoise.Tests.Contract;

/// <summary>Gaussian noise by signal-to-noise ratio, section 6 of docs/noise-contract.md.</summary>
internal static class SignalToNoise
{
    private static readonly double Ln10Over20 = HexFloat.ParseDouble("0x1.d791c5f888823p-4");

    /// <summary>The standard deviation of a row's noise; 0 copies the row.</summary>
    /// <param name="row">The row's data.</param>
    /// <param name="snr">The ratio in decibels.</param>
    public static float Std(float[] row, float snr)
    {
        double sum = SumOfSquares(row);
        double amplitude = ContractDouble.Exp(-(snr * Ln10Over20));
        return sum == 0 ? 0f : (float)(Math.Sqrt(sum / row.Length) * amplitude);
    }

    private static double SumOfSquares(float[] row)
    {
        // The tree's complete subtrees, largest first: (number of chunks, sum).
        Stack<(int Chunks, double Sum)> trees = new();
        foreach (float[] chunk in row.Chunk(1024))
        {
            double[] lanes = new double[16];
            for (int i = 0; i < chunk.Length; i++)
            {
                lanes[i % 16] += (double)chunk[i] * chunk[i];
            }

            for (int half = 8; half >= 1; half /= 2)
            {
                for (int l = 0; l < half; l++)
                {
                    lanes[l] += lanes[l + half];
                }
            }

            (int Chunks, double Sum) tree = (1, lanes[0]);
            while (trees.TryPeek(out (int Chunks, double Sum) left) && left.Chunks == tree.Chunks)
            {
                trees.Pop();
                tree = (2 * left.Chunks, left.Sum + tree.Sum);
            }

            trees.Push(tree);
        }

        double sum = trees.TryPop(out (int Chunks, double Sum) smallest) ? smallest.Sum : 0;
        while (trees.TryPop(out (int Chunks, double Sum) larger))
        {
            sum = larger.Sum + sum;
        }

        return sum;
    }
}
