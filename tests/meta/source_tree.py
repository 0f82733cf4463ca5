"""The files of the source tree, for the checks in this folder."""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parents[2]
SKIP = re.compile(r"^(\.git|build|build-.*|\.cache|__pycache__)$")


class Report:
    """Collects what is wrong; exits 1 if anything is, or nothing was seen."""

    def __init__(self, what):
        self.what = what
        self.seen = 0
        self.wrong = []

    def add(self, where, message):
        self.wrong.append(f"{where}: {message}")

    def end(self):
        for line in self.wrong:
            print(line)
        if not self.seen:
            print(f"nothing to check: no {self.what} found")
        print(f"{self.seen} {self.what}, {len(self.wrong)} wrong")
        sys.exit(1 if self.wrong or not self.seen else 0)


def root():
    """The tree to check: the first argument, or the one we stand in."""
    return pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE


def files(top, *suffixes):
    """Paths below top, relative to it, sorted; all when no suffix is given."""
    todo, found = [top], []
    while todo:
        for path in todo.pop().iterdir():
            if SKIP.match(path.name):
                continue
            if path.is_dir() and not path.is_symlink():
                todo.append(path)
            elif path.is_file() and (not suffixes or path.suffix in suffixes):
                found.append(path.relative_to(top))
    return sorted(found)


def code_only(text):
    """C text with comments and literals blanked, line numbers kept."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
        re.S)

    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())
    return pattern.sub(blank, text)
