using System.Globalization;

namespace ExternalAction.Accuracy;

/// <summary>Logistic regression by gradient descent with momentum and a small ridge: twenty-odd weights need nothing finer.</summary>
internal static class Fit
{
    internal static double[] Run(List<(double[] X, bool Y, double W)> rows, double ridge)
    {
        int n = rows[0].X.Length;
        var w = new double[n];
        var m = new double[n];
        var v = new double[n];
        double total = rows.Sum(r => r.W);
        for (int step = 1; step <= 3000; step++)
        {
            var g = new double[n];
            foreach ((double[] x, bool y, double weight) in rows)
            {
                double z = 0;
                for (int i = 0; i < n; i++)
                {
                    z += w[i] * x[i];
                }

                double e = ((1 / (1 + Math.Exp(-z))) - (y ? 1 : 0)) * weight / total;
                for (int i = 0; i < n; i++)
                {
                    g[i] += e * x[i];
                }
            }

            double rate = 0.05 * Math.Min(1, 2 - (step / 1500.0) + 0.05);
            for (int i = 0; i < n; i++)
            {
                double d = g[i] + (i == 0 ? 0 : ridge * w[i]);
                m[i] = (0.9 * m[i]) + (0.1 * d);
                v[i] = (0.999 * v[i]) + (0.001 * d * d);
                w[i] -= rate * (m[i] / (1 - Math.Pow(0.9, step))) / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        return w;
    }

    internal static string Print(double[] w) => "[" + string.Join(", ", w.Select(x => x.ToString("0.###", CultureInfo.InvariantCulture))) + "]";
}
