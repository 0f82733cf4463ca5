"""Small mistakes that a person could make, one at a time.

relation   < and <=, > and >=, == and !=
logic      && and ||, a '!' left out
arithmetic + and -, * and /, << and >>, & and | ..., ++ and --
constant   a number or character one higher, true and false, NULL left alone;
           the size of an array one lower (a larger one changes nothing)
enum       an enumerator replaced by its neighbour in its enum or X macro
drop       a call, an assignment, break, continue, goto, return; left out
condition  of an if or while, or a returned one, negated

Left alone: comments, strings, preprocessor lines but for the body of a #define,
_Static_assert, what is only a declaration.
"""
import hashlib
import re
from typing import NamedTuple

RELATION = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
LOGIC = {"&&": "||", "||": "&&"}
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>",
              ">>": "<<", "&": "|", "|": "&", "^": "|"}
ASSIGNING = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "%=": "/=",
             "|=": "&=", "&=": "|=", "^=": "|=", "<<=": ">>=", ">>=": "<<=",
             "++": "--", "--": "++"}
BOOLS = {"true": "false", "false": "true"}
TYPES = {"struct", "union", "enum", "const", "static", "volatile", "unsigned",
         "signed", "char", "short", "int", "long", "bool", "void", "float",
         "double", "typedef", "extern", "_Static_assert"}
NUMBER = re.compile(r"(0[xX][0-9a-fA-F]+|[0-9]+)([uUlL]*)$")
ESCAPES = {r"'\0'": "'\\1'", r"'\n'": "'\\r'", r"'\r'": "'\\n'",
           r"'\t'": "' '", r"'\\'": "'/'", r"'\''": "'\"'"}


class Mutant(NamedTuple):
    file: str
    line: int
    function: str
    kind: str
    old: str     # the lines it touches, blanks squeezed
    new: str
    start: int   # what is replaced in the file, and by what
    end: int
    text: str

    def key(self):
        return self.file, self.function, self.old, self.new

    def rank(self, seed):
        return hashlib.sha256("\t".join((str(seed), *self.key()))
                              .encode()).hexdigest()

    def apply(self, source):
        return source[:self.start] + self.text + source[self.end:]


def squeeze(text):
    return " ".join(text.split())


def _ends_operand(token):
    if token.kind in ("num", "char", "str") or token.text in (")", "]"):
        return True
    return token.kind == "id" and token.text not in ("return", "case")


class _Finder:
    def __init__(self, source, neighbours):
        self.source, self.neighbours = source, neighbours
        self.found = []
        self.sealed = set()       # tokens of _Static_assert and the like
        self.declaring = set()    # tokens before the '=' of declarations

    def add(self, kind, start, end, text):
        src = self.source
        first = src.starts[src.line(start) - 1]
        last = src.text.find("\n", end)
        old = src.text[first:last]
        new = src.text[first:start] + text + src.text[end:last]
        at = next(i for i, t in enumerate(src.tokens) if t.start >= start)
        self.found.append(Mutant(
            src.name, src.line(start), src.function[at], kind,
            squeeze(old), squeeze(new), start, end, text))

    def swap(self, kind, token, text):
        self.add(kind, token.start, token.end, text)

    def seal(self):
        tokens, match = self.source.tokens, self.source.match
        for i, token in enumerate(tokens):
            if token.text in ("_Static_assert", "__attribute__"):
                self.sealed.update(range(i, match.get(i + 1, i) + 1))

    def statement(self, first, last):
        """One that may be left out, or a returned condition."""
        tokens = self.source.tokens
        head, second = tokens[first], tokens[first + 1]
        if head.text == "return" and last > first + 1:
            inner = tokens[first + 1:last]
            if any(t.text in RELATION or t.text in LOGIC or t.text == "!"
                   for t in inner):
                self.add("condition", inner[0].start, inner[-1].end,
                         f"!({self.source.text[inner[0].start:inner[-1].end]})")
            return
        named = head.kind == "id" and head.text not in (
            "return", "break", "continue", "goto")
        if named and (head.text in TYPES or second.kind == "id"
                      or second.text == "*"):
            stop = next((i for i in range(first, last)
                         if tokens[i].text == "="), last)
            self.declaring.update(range(first, stop))
            return
        if [t.text for t in tokens[first:first + 3]] == ["(", "void", ")"]:
            return
        if second.text == ":":
            return
        self.add("drop", head.start, tokens[last].end, ";")

    def condition(self, i):
        tokens, match = self.source.tokens, self.source.match
        if tokens[i].text not in ("if", "while") or i + 1 not in match:
            return
        start, end = tokens[i + 1].end, tokens[match[i + 1]].start
        self.add("condition", start, end,
                 f"!({self.source.text[start:end]})")

    def operator(self, i):
        tokens, text = self.source.tokens, self.source.text
        token = tokens[i]
        if token.text in RELATION:
            self.swap("relation", token, RELATION[token.text])
        elif token.text in LOGIC:
            self.swap("logic", token, LOGIC[token.text])
        elif token.text == "!":
            self.swap("logic", token, "")
        elif token.text in ASSIGNING:
            self.swap("arithmetic", token, ASSIGNING[token.text])
        elif token.text in ARITHMETIC and i and _ends_operand(tokens[i - 1]):
            # 'char *p' and '(size_t)*p' are not products.
            spaced = text[token.start - 1].isspace() == \
                text[token.end].isspace()
            if spaced or token.text not in "*&":
                self.swap("arithmetic", token, ARITHMETIC[token.text])

    def number(self, i):
        tokens = self.source.tokens
        found = NUMBER.match(tokens[i].text)
        if not found:
            return
        digits, suffix = found.groups()
        octal = len(digits) > 1 and digits.isdigit() and digits[0] == "0"
        value = int(digits, 8 if octal else 0)
        # 'char text[4]', in a function or in a struct
        in_size = tokens[i - 1].text == "[" and (
            i in self.declaring or
            (tokens[i - 3].kind == tokens[i - 2].kind == "id"
             and tokens[i - 3].text != "return"))
        if in_size and value < 2:
            return
        value += -1 if in_size else 1
        form = f"0x{value:x}" if digits[:2] in ("0x", "0X") else \
            f"0{value:o}" if octal else str(value)
        self.swap("constant", tokens[i], form + suffix)

    def character(self, token):
        if token.text in ESCAPES:
            self.swap("constant", token, ESCAPES[token.text])
        elif len(token.text) == 3 and token.text[1] < "~":
            other = chr(ord(token.text[1]) + 1)
            if other not in "'\\":
                self.swap("constant", token, f"'{other}'")

    def name(self, i):
        token = self.source.tokens[i]
        if token.text in BOOLS:
            self.swap("constant", token, BOOLS[token.text])
        elif token.text in self.neighbours:
            self.swap("enum", token, self.neighbours[token.text])

    def run(self):
        self.seal()
        for first, last in self.source.statements():
            if first not in self.sealed:
                self.statement(first, last)
        for i, token in enumerate(self.source.tokens):
            if i in self.sealed:
                continue
            if token.kind == "num":
                self.number(i)
            elif token.kind == "char":
                self.character(token)
            elif token.kind == "op":
                self.operator(i)
            elif token.kind == "id":
                self.condition(i)
                self.name(i)
        return self.found


def neighbours(lists):
    """The next enumerator of each, the one before for the last."""
    found = {}
    for names in lists:
        for name, other in zip(names, names[1:] + names[-2:-1]):
            found.setdefault(name, other)
    return found


def find(source, enum_neighbours):
    """All mutants of a file. Those that cannot be told apart by function and
    lines are numbered in the function's name: 'f#2'."""
    seen, out = {}, []
    for mutant in sorted(_Finder(source, enum_neighbours).run(),
                         key=lambda m: (m.start, m.end, m.text)):
        count = seen[mutant.key()] = seen.get(mutant.key(), 0) + 1
        if count > 1:
            mutant = mutant._replace(function=f"{mutant.function}#{count}")
        out.append(mutant)
    return out


def spread(mutants, seed):
    """In the order in which they are drawn: every file from the start, then
    each in proportion to how many mutants it has."""
    files = {}
    for mutant in sorted(mutants, key=lambda m: m.rank(seed)):
        files.setdefault(mutant.file, []).append(mutant)
    placed = []
    for found in files.values():
        for i, mutant in enumerate(found):
            share = 0.0 if i < 3 else i / len(found)
            placed.append((share, mutant.rank(seed), mutant))
    return [mutant for _, _, mutant in sorted(placed, key=lambda p: p[:2])]
