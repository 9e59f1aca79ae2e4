using System.Globalization;
using CudaCompat.Data.Refresh;

namespace CudaCompat.Data.Parsing.PyTorch;

/// <summary>A literal of a Python script: a dictionary, a set or a list, a string or a whole number. Nothing is evaluated; anything else is an error.</summary>
internal sealed class PythonLiteral
{
    private readonly string _file;
    private readonly string _text;
    private int _at;

    private PythonLiteral(string file, string text, int at) => (_file, _text, _at) = (file, text, at);

    /// <summary>The value that a line "NAME = …" or "NAME: type = …" at the margin gives; null where there is no such line.</summary>
    /// <returns>A <see cref="Dictionary{TKey,TValue}"/> by text, a list of values, a string or a long.</returns>
    public static object? Of(string file, string text, string name)
    {
        for (var at = 0; at >= 0 && at < text.Length; at = text.IndexOf('\n', at) is >= 0 and var end ? end + 1 : -1)
        {
            var line = text.AsSpan(at);
            if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length == name.Length || line[name.Length] is not (' ' or ':' or '='))
                continue;
            var equals = text.IndexOf('=', at);
            return equals < 0 ? null : new PythonLiteral(file, text, equals + 1).Value();
        }

        return null;
    }

    private object Value()
    {
        switch (Next())
        {
            case '{' or '[' or '(':
                return Group();
            case '"' or '\'':
                return Text();
            case >= '0' and <= '9':
                var from = _at;
                while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
                    _at++;
                return long.Parse(_text.AsSpan(from, _at - from), NumberStyles.None, CultureInfo.InvariantCulture);
            case 's' when _text.AsSpan(_at).StartsWith("set()", StringComparison.Ordinal):
                _at += "set()".Length;
                return new List<object>();
            default:
                throw Bad();
        }
    }

    private object Group()
    {
        var close = _text[_at++] switch { '{' => '}', '[' => ']', _ => ')' };
        var (values, pairs) = (new List<object>(), new Dictionary<string, object>(StringComparer.Ordinal));
        while (Next() != close)
        {
            var value = Value();
            if (close == '}' && Next() == ':')
            {
                _at++;
                if (value is not string key || !pairs.TryAdd(key, Value()))
                    throw Bad();
            }
            else
            {
                values.Add(value);
            }

            if (Next() == ',')
                _at++;
            else if (Next() != close)
                throw Bad();
        }

        _at++;
        return (values.Count, pairs.Count) switch { (_, 0) => values, (0, _) => pairs, _ => throw Bad() };
    }

    private string Text()
    {
        var end = _text.IndexOf(_text[_at], _at + 1);
        if (end < 0 || _text.AsSpan(_at, end - _at).IndexOfAny('\n', '\\') >= 0)
            throw Bad();
        var text = _text[(_at + 1)..end];
        _at = end + 1;
        return text;
    }

    // The next character that is neither space nor comment.
    private char Next()
    {
        while (_at < _text.Length && (char.IsWhiteSpace(_text[_at]) || _text[_at] == '#'))
        {
            if (_text[_at] == '#')
                _at = _text.IndexOf('\n', _at) is >= 0 and var end ? end : _text.Length;
            else
                _at++;
        }

        return _at < _text.Length ? _text[_at] : throw Bad();
    }

    private SourceFormatException Bad() => new(_file, $"line {_text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n') + 1}", "the literal is not of the known form.");
}
