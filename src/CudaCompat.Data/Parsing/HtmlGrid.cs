using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace CudaCompat.Data.Parsing;

/// <summary>The tables of a page as grids of texts: cells that span rows or columns stand in each of them, footnote marks are dropped, lines and list items in a cell are divided.</summary>
internal static class HtmlGrid
{
    private const int MostSpan = 200;

    /// <summary>Every table that is not inside another one.</summary>
    /// <param name="divider">What stands between the lines of one cell.</param>
    public static IReadOnlyList<IReadOnlyList<string[]>> Of(string html, string divider = " ")
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var mark in document.QuerySelectorAll("sup, .footnote-reference, script, style").ToList())
            mark.Remove();
        foreach (var line in document.QuerySelectorAll("table br, table li, table p").ToList())
            line.After(document.CreateTextNode("\u0001"));
        return [.. document.QuerySelectorAll("table").Where(t => t.ParentElement?.Closest("table") is null).Select(t => Rows(t, divider))];
    }

    private static List<string[]> Rows(IElement table, string divider)
    {
        var rows = new List<string[]>();
        var open = new Dictionary<int, (int Left, string Text)>();
        foreach (var row in table.QuerySelectorAll("tr"))
        {
            var cells = new List<string>();
            Fill();
            foreach (var cell in row.Children.Where(c => c.LocalName is "td" or "th"))
            {
                var text = string.Join(divider, cell.TextContent.Split('\u0001').Select(TextLines.Collapse).Where(t => t.Length > 0));
                var (down, across) = (Span(cell, "rowspan"), Span(cell, "colspan"));
                for (var i = 0; i < across; i++)
                {
                    if (down > 1)
                        open[cells.Count] = (down - 1, text);
                    cells.Add(text);
                }

                Fill();
            }

            // A row without cells says nothing.
            if (cells.Count > 0)
                rows.Add([.. cells]);

            void Fill()
            {
                while (open.TryGetValue(cells.Count, out var above))
                {
                    if (above.Left == 1)
                        open.Remove(cells.Count);
                    else
                        open[cells.Count] = (above.Left - 1, above.Text);
                    cells.Add(above.Text);
                }
            }
        }

        return rows;
    }

    private static int Span(IElement cell, string name) =>
        int.TryParse(cell.GetAttribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var span) ? Math.Clamp(span, 1, MostSpan) : 1;
}
