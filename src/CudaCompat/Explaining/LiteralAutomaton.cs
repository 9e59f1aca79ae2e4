using System.Runtime.CompilerServices;

namespace CudaCompat.Explaining;

/// <summary>
/// Finds many fixed texts in one pass (Aho and Corasick, 1975): the time is that of the text, whatever number of texts is looked for.
/// </summary>
internal sealed class LiteralAutomaton
{
    private const int Ascii = 128;
    private readonly int[] _rootAscii = new int[Ascii];
    private readonly char[] _letter;
    private readonly int[] _firstChild;
    private readonly int[] _sibling;
    private readonly int[] _found;
    private readonly int[] _fallback;
    private readonly int[] _shorter;
    private int _states;

    /// <summary>Makes the automaton of <paramref name="literals"/>, none of them empty.</summary>
    public LiteralAutomaton(IReadOnlyList<string> literals)
    {
        var most = 1 + literals.Sum(l => l.Length);
        _letter = new char[most];
        _firstChild = new int[most];
        _sibling = new int[most];
        _found = new int[most];
        _found.AsSpan().Fill(-1);
        _states = 1;
        for (var i = 0; i < literals.Count; i++)
        {
            var state = 0;
            foreach (var c in literals[i])
                state = Child(state, c) is > 0 and var child ? child : Add(state, c);
            _found[state] = i;
        }

        _fallback = new int[_states];
        _shorter = new int[_states];
        Link();
    }

    /// <summary>The state after <paramref name="c"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Next(int state, char c)
    {
        while (state != 0)
        {
            if (Child(state, c) is > 0 and var child)
                return child;
            state = _fallback[state];
        }

        return c < Ascii ? _rootAscii[c] : Child(0, c);
    }

    /// <summary>True where a literal ends in <paramref name="state"/>.</summary>
    public bool Ends(int state) => _found[state] >= 0 || _shorter[state] > 0;

    /// <summary>The longest literal that ends in <paramref name="state"/>, or -1; <paramref name="state"/> becomes that of the next shorter one, 0 where there is none.</summary>
    public int Found(ref int state)
    {
        if (_found[state] < 0)
            state = _shorter[state];
        var found = state > 0 ? _found[state] : -1;
        state = _shorter[state];
        return found;
    }

    private int Child(int state, char c)
    {
        for (var child = _firstChild[state]; child > 0; child = _sibling[child])
        {
            if (_letter[child] == c)
                return child;
        }

        return 0;
    }

    private int Add(int state, char c)
    {
        var child = _states++;
        _letter[child] = c;
        _sibling[child] = _firstChild[state];
        _firstChild[state] = child;
        return child;
    }

    // Breadth first: a state falls back to the longest end of its text that is the start of another literal.
    private void Link()
    {
        var waiting = new Queue<int>();
        for (var child = _firstChild[0]; child > 0; child = _sibling[child])
        {
            if (_letter[child] < Ascii)
                _rootAscii[_letter[child]] = child;
            waiting.Enqueue(child);
        }

        while (waiting.TryDequeue(out var state))
        {
            for (var child = _firstChild[state]; child > 0; child = _sibling[child])
            {
                var back = Next(_fallback[state], _letter[child]);
                _fallback[child] = back;
                _shorter[child] = _found[back] >= 0 ? back : _shorter[back];
                waiting.Enqueue(child);
            }
        }
    }
}
