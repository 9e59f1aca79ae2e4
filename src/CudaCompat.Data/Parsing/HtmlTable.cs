using AngleSharp.Html.Parser;

namespace CudaCompat.Data.Parsing;

/// <summary>Turns the tables of a saved HTML page into lines of cells divided by bars, one line a row, so that one parser reads page and text.</summary>
internal static class HtmlTable
{
    /// <summary>The rows of all tables; an empty line stands between tables. Footnote marks are dropped.</summary>
    public static string ToLines(string html)
    {
        var wrapped = html.Contains("<table", StringComparison.OrdinalIgnoreCase) ? html : $"<table>{html}</table>";
        var document = new HtmlParser().ParseDocument(wrapped);
        foreach (var mark in document.QuerySelectorAll("sup").ToList())
            mark.Remove();
        var tables = document.QuerySelectorAll("table").Select(table =>
            string.Join('\n', table.QuerySelectorAll("tr").Select(row =>
                string.Join(" | ", row.Children.Select(cell => TextLines.Collapse(cell.TextContent))))));
        return string.Join("\n\n", tables) + "\n";
    }
}
