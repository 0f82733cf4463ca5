"""C source as tokens, as far as a mutation tester needs to know it.

Comments, literals and preprocessor lines are told apart; of the latter only
the body of a #define is code. The house style is relied on in one place: the
brace that opens a function stands in the first column.
"""
import bisect
import re
from typing import NamedTuple

TOKEN = re.compile(r"""
    (?P<space>   [ \t\r\n\f\v]+ | \\\n )
  | (?P<comment> //[^\n]* | /\*.*?\*/ )
  | (?P<str>     (?:u8|[uUL])?"(?:\\.|[^"\\\n])*" )
  | (?P<char>    [uUL]?'(?:\\.|[^'\\\n])*' )
  | (?P<num>     \.?[0-9](?:[eEpP][+-]|[0-9A-Za-z_.])* )
  | (?P<id>      [A-Za-z_]\w* )
  | (?P<op>      <<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||
                 [-+*/%&|^]=|\#\#|[^\w\s] )
""", re.X | re.S)
DIRECTIVE = re.compile(r"^[ \t]*\#(?:/\*.*?\*/|\\\n|[^\n])*", re.M | re.S)
DEFINE = re.compile(r"[ \t]*\#[ \t]*define[ \t]+\w+(?:\([^)]*\))?")
HEADS = {"if", "for", "while", "switch"}
OPEN, CLOSE = {"(": ")", "[": "]", "{": "}"}, {")", "]", "}"}


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class Source:
    """One file: its text, its tokens, and what belongs together in them."""

    def __init__(self, name, text):
        self.name, self.text = name, text
        self.starts = [0] + [m.end() for m in re.finditer("\n", text)]
        self.tokens = list(self._tokens())
        self.match = self._match()
        self.function = self._functions()

    def line(self, offset):
        """The number of a line, from 1."""
        return bisect.bisect_right(self.starts, offset)

    def _lex(self, start, end):
        while start < end:
            found = TOKEN.match(self.text, start, end)
            if not found:
                raise ValueError(f"{self.name}:{self.line(start)}: not C")
            if found.lastgroup not in ("space", "comment"):
                yield Token(found.lastgroup, found.group(), *found.span())
            start = found.end()

    def _tokens(self):
        at, comments = 0, [m.span() for m in re.finditer(
            r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', self.text, re.S)]
        for line in DIRECTIVE.finditer(self.text):
            start, end = line.span()
            if start < at or any(a < start < b for a, b in comments):
                continue
            yield from self._lex(at, start)
            define = DEFINE.match(line.group())
            if define:
                yield from self._lex(start + define.end(), end)
            at = end
        yield from self._lex(at, len(self.text))

    def _match(self):
        """Index of the other bracket, both ways; unmatched ones are absent."""
        match, stack = {}, []
        for i, token in enumerate(self.tokens):
            if token.text in OPEN and token.kind == "op":
                stack.append(i)
            elif token.text in CLOSE and token.kind == "op" and stack:
                if OPEN[self.tokens[stack[-1]].text] == token.text:
                    match[i] = stack.pop()
                    match[match[i]] = i
        return match

    def _functions(self):
        """For each token the function that it is in, '-' outside of all."""
        names = ["-"] * len(self.tokens)
        for i, token in enumerate(self.tokens):
            if token.text != "{" or token.start not in self.starts:
                continue
            if i == 0 or self.tokens[i - 1].text != ")" or i not in self.match:
                continue
            before = self.match.get(i - 1, 0) - 1
            for j in range(i, self.match[i]):
                names[j] = self.tokens[before].text
        return names

    def statements(self):
        """(first, last) tokens of each statement that ends with ';'."""
        i, n = 0, len(self.tokens)
        fresh = False
        while i < n:
            text = self.tokens[i].text
            if self.function[i] == "-":
                fresh = False
            elif text in HEADS and self.tokens[i + 1].text == "(":
                i, fresh = self.match[i + 1], True
            elif text in ("{", "}", "else", "do"):
                fresh = True
            elif text in ("case", "default"):
                while self.tokens[i].text != ":":
                    i += 1
                fresh = True
            elif text == ";":
                fresh = True
            elif fresh:
                last = self._end(i)
                yield i, last
                i, fresh = last, True
            i += 1

    def _end(self, i):
        """The ';' of the statement that begins at i."""
        while self.tokens[i].text != ";":
            i = self.match.get(i, i) if self.tokens[i].text in OPEN else i
            i += 1
        return i


def enumerators(text):
    """Lists of names that are neighbours: enums, and rows of X macros."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)
    for body in re.findall(r"\benum\b\s*\w*\s*\{([^}]*)\}", text):
        names = re.findall(r"(?:^|,)\s*([A-Z]\w*)\s*(?=[,=]|$)", body)
        yield names
    for body in re.findall(r"^#define\s+\w+\(X\)((?:[^\n]*\\\n)*[^\n]*)",
                           text, re.M):
        yield re.findall(r"\bX\(\s*(\w+)", body)
