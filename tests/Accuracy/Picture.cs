using System.Globalization;
using System.Text;

namespace ExternalAction.Accuracy;

/// <summary>Draws small SVGs: precision over recall, and shares as bars.</summary>
internal static class Picture
{
    private static readonly string[] Colours = ["#1f5fa8", "#b3541e", "#2e7d4f", "#7a4fa0"];

    internal static string PrecisionRecall(List<(string Name, List<(double Score, bool Same)> Scored)> curves)
    {
        var svg = new StringBuilder();
        svg.Append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 400\" font-family=\"sans-serif\" font-size=\"12\">\n<title>Precision and recall, held-out half</title>\n<rect width=\"560\" height=\"400\" fill=\"#fff\"/>\n");
        for (int i = 0; i <= 5; i++)
        {
            double v = 0.5 + (i * 0.1);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M50 {Y(v):0.0}H540M{X(v):0.0} 20V350\" stroke=\"#ddd\"/><text x=\"20\" y=\"{Y(v) + 4:0.0}\">{v:0.0}</text><text x=\"{X(v) - 8:0.0}\" y=\"368\">{v:0.0}</text>\n");
        }

        svg.Append("<text x=\"270\" y=\"390\">recall</text><text x=\"12\" y=\"14\">precision</text>\n");
        for (int c = 0; c < curves.Count; c++)
        {
            var points = Metrics.Curve(curves[c].Scored).Where(p => p.Recall >= 0.5 && p.Precision >= 0.5).ToList();
            var kept = points.Where((_, i) => i % Math.Max(1, points.Count / 120) == 0 || i == points.Count - 1);
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{Colours[c]}\" stroke-width=\"2\" points=\"{string.Join(' ', kept.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Recall):0.0},{Y(p.Precision):0.0}")))}\"/><rect x=\"70\" y=\"{250 + (c * 22)}\" width=\"14\" height=\"4\" fill=\"{Colours[c]}\"/><text x=\"92\" y=\"{256 + (c * 22)}\">{curves[c].Name}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    internal static string Bars(string title, List<(string Name, double Share)> bars)
    {
        double most = Math.Max(0.01, bars.Max(b => b.Share));
        int height = 50 + (bars.Count * 24);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 560 {height}\" font-family=\"sans-serif\" font-size=\"12\">\n<title>{title}</title>\n<rect width=\"560\" height=\"{height}\" fill=\"#fff\"/>\n<text x=\"20\" y=\"22\">{title}</text>\n");
        for (int b = 0; b < bars.Count; b++)
        {
            double width = bars[b].Share / most * 320;
            int y = 40 + (b * 24);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"20\" y=\"{y + 12}\">{bars[b].Name}</text><rect x=\"160\" y=\"{y}\" width=\"{width:0.0}\" height=\"16\" fill=\"{Colours[0]}\"/><text x=\"{166 + width:0.0}\" y=\"{y + 12}\">{bars[b].Share * 100:0.00} %</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static double X(double recall) => 50 + ((recall - 0.5) * 980);

    private static double Y(double precision) => 350 - ((precision - 0.5) * 660);
}
