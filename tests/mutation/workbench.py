"""Builds a library and its tests once, then with one file changed at a time.

A folder of its own below build/ holds one CMake build for each kind in
KINDS. A mutant is compiled by the command of compile_commands.json and linked
by the command of Ninja, in front of the archive that holds the original: the
linker takes the members of an archive only for names that are still missing.
"""
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import time
from typing import NamedTuple

# Flags beside those of the project. A sanitized build sees what the plain one
# survives by luck, and is slower: it is asked second.
KINDS = {
    "plain": ("-O2 -w", ""),
    "asan": ("-O1 -w", "address,undefined"),
}
SKIPPED = 77
# A mutant that loops burns processor time; one that waits does not.
CPU_FACTOR, CPU_LEAST, WALL_FACTOR, WALL_LEAST = 5, 2, 30, 60
MEMORY_KB = 4 << 20
TAIL = 3000


class Trouble(Exception):
    """The environment is not as it must be: no verdict is possible."""


class Test(NamedTuple):
    name: str
    arguments: list
    folder: str
    link: list
    members: frozenset  # objects of the library that it takes
    seconds: float


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, errors="replace",
                          stdin=subprocess.DEVNULL, **options)
    if done.returncode:
        raise Trouble(f"{shlex.join(map(str, command))}\n"
                      f"{done.stdout[-TAIL:]}")
    return done.stdout


def limited(command, folder, seconds, memory):
    """Exit status of a test program within limits; None when past them."""
    cpu = int(max(CPU_LEAST, CPU_FACTOR * seconds)) + 1
    limits = f"ulimit -c 0; ulimit -t {cpu}; "
    if memory:
        limits += f"ulimit -v {MEMORY_KB}; "
    try:
        return subprocess.run(
            ["/bin/sh", "-c", limits + 'exec "$@"', "sh", *command],
            cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=max(WALL_LEAST, WALL_FACTOR * seconds)).returncode
    except subprocess.TimeoutExpired:
        return None


class Build:
    """One CMake build, its tests, and the objects of the original."""

    def __init__(self, top, folder, kind, row):
        flags, sanitize = KINDS[kind]
        self.kind, self.top = kind, top
        self.folder = folder / kind
        self.archive = row.library
        self.memory = not sanitize
        run(["cmake", "-S", top, "-B", self.folder, "-G", "Ninja",
             "-DCMAKE_BUILD_TYPE=", f"-DCMAKE_C_FLAGS={flags}",
             "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DMRTD_TESTS=ON",
             f"-DMRTD_SANITIZE={sanitize}", *row.options])
        names = [test["name"] for test in self._registered(row.tests)]
        if not names:
            raise Trouble(f"no test has a name like {row.tests}")
        run(["cmake", "--build", self.folder, "--target", *names])
        found = self._registered(row.tests)
        self.compile = {
            pathlib.Path(entry["file"]).resolve(): entry for entry in
            json.loads((self.folder / "compile_commands.json").read_text())
            if f"/{row.objects}.dir/" in entry["command"]}
        self.tests = [t for t in map(self._test, found) if t]
        if not self.tests:
            raise Trouble("every test was skipped")
        self.originals = {}

    def _registered(self, names):
        listed = json.loads(run(["ctest", "--show-only=json-v1",
                                 "--tests-regex", names], cwd=self.folder))
        return listed["tests"]

    def _test(self, entry):
        """The test as it is, run once; None if it is skipped here."""
        folder = next((p["value"] for p in entry.get("properties", [])
                       if p["name"] == "WORKING_DIRECTORY"), self.folder)
        link = self._link_command(entry["command"][0])
        chart = self.folder / "mutate.map"
        run(self._linked(link, [f"-Wl,-Map,{chart}"],
                         self.folder / "mutate.probe"), cwd=self.folder)
        members = frozenset(
            line.split(f"{self.archive}(", 1)[1].split(")")[0]
            for line in chart.read_text(errors="replace").splitlines()
            if f"{self.archive}(" in line)
        start = time.monotonic()
        status = limited(entry["command"], folder, 60, self.memory)
        if status == SKIPPED:
            return None
        if status != 0:
            raise Trouble(f"{entry['name']} ({self.kind}) fails without any "
                          f"mutation, with status {status}")
        return Test(entry["name"], entry["command"], folder, link, members,
                    time.monotonic() - start)

    def _link_command(self, program):
        listed = run(["ninja", "-t", "commands", "-s",
                      pathlib.Path(program).relative_to(self.folder)],
                     cwd=self.folder).strip().splitlines()[-1]
        return [w for w in shlex.split(listed) if w not in (":", "&&")]

    @staticmethod
    def _linked(link, extra, out):
        words = list(link)
        at = words.index("-o")
        words[at + 1] = str(out)
        return words[:at + 2] + extra + words[at + 2:]

    def object(self, path, text, work):
        """Compile a text in place of a file; the object, or None."""
        entry = self.compile.get(path)
        if entry is None:
            raise Trouble(f"{path} is not compiled into {self.archive}")
        words = shlex.split(entry["command"])
        source, out = work / path.name, work / (path.name + ".o")
        source.write_text(text)
        out.unlink(missing_ok=True)
        words[words.index("-o") + 1] = str(out)
        words = [w for w in words if w != entry["file"] and w != "-c"]
        # Its own folder for "...", and a plain name so that nothing of where
        # it lies gets into the object.
        words += ["-iquote", str(path.parent), "-c", source.name]
        done = subprocess.run(words, cwd=work, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
        return out if done.returncode == 0 else None

    def prepare(self, texts, work):
        for path, text in texts.items():
            found = self.object(path, text, work)
            if found is None:
                raise Trouble(f"{path} does not compile by itself")
            self.originals[path] = digest(found)

    def killer(self, path, found, work, trial):
        """The first test that fails with this object, or None: in the order
        of what each is likely to cost until it kills one in this file."""
        member = path.name + ".o"
        order = sorted((t for t in self.tests if member in t.members),
                       key=lambda t: trial.cost(path, t))
        for test in order:
            out = work / "program"
            out.unlink(missing_ok=True)
            run(self._linked(test.link, [str(found)], out), cwd=self.folder)
            status = limited([str(out), *test.arguments[1:]], test.folder,
                             test.seconds, self.memory)
            killed = status is None or status not in (0, SKIPPED)
            trial.learn(path, test, killed)
            if killed:
                return test.name
        return None


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def jobs_default():
    return len(os.sched_getaffinity(0))
