"""beside_reader - emrtd-read beside a simulated reader: what such tests share.

The first word of the command line is the folder of the tools; simulated readers
are in ../tests/bin of it. Each case runs unmodified programs.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(sys.argv[1])
PROFILES = TOP / "samples/profiles"
QUICK = TOP / "tests/usb/quick.json"
MRZ = TOP / "samples/mrz/utopia.txt"
READ = [BIN / "emrtd-read", "--mrz", MRZ, "--trust", TOP / "samples/trust",
        "--insecure-test-trust", "--at", "2026-06-01T12:00:00Z"]
# A sanitizer's library is not the first beside umockdev's.
ENV = dict(os.environ, ASAN_OPTIONS="verify_asan_link_order=0")


def lay(profile):
    return ["--profile", profile]


class Done:
    """What a run has left behind."""

    def __init__(self, program, options, command, limit=60):
        with tempfile.NamedTemporaryFile("r") as counts:
            words = [program, "--limit", limit, "--counts", counts.name,
                     *options, "--", *command]
            start = time.monotonic()
            run = subprocess.run([str(w) for w in words], env=ENV, text=True,
                                 stdin=subprocess.DEVNULL,
                                 capture_output=True, timeout=limit + 30)
            self.seconds = time.monotonic() - start
            self.counts = {key: int(value) for key, value in
                           (line.split() for line in counts)}
        self.code, self.out, self.err = run.returncode, run.stdout, run.stderr

    def record(self):
        try:
            return json.loads(self.out)
        except json.JSONDecodeError:
            return {}


class Beside:
    """One simulated reader, the URI of it, and what failed beside it."""

    def __init__(self, program, uri):
        self.program = BIN.parent / "tests/bin" / program
        self.uri = uri
        self.failures = []

    def run(self, options, command, **more):
        return Done(self.program, options, command, **more)

    def read(self, options, uri=None, extra=(), **more):
        return self.run(options, [*READ, "--json", *extra, "--reader",
                                  uri or self.uri], **more)

    def twice(self, options, between="sleep 0.1", uri=None):
        """Two readings in turn, of one reader."""
        return self.run(options, [
            "sh", "-c", f'"$@" >&2; echo $?; {between}; "$@" --json', "sh",
            *READ, "--reader", uri or self.uri])

    def check(self, name, condition, done):
        if condition:
            print(f"ok: {name}")
            return
        self.failures.append(name)
        print(f"FAILED: {name}: exit code {done.code}, {done.seconds:.1f} s\n"
              f"  {done.counts}\n  out: {done.out[-200:]}\n"
              f"  err: {done.err[-600:]}", flush=True)

    def verified(self, name, done, code=6, also=lambda counts: True):
        """Read whole and authentic, and by the ways that were to be tested."""
        self.check(name, done.code == code
                   and done.record().get("data") == "authentic"
                   and also(done.counts), done)

    def refused(self, name, options, code, *words, uri=None):
        """No reading, and words that say why."""
        done = self.read(options, uri)
        said = done.err.lower()
        self.check(name, done.code == code and all(w in said for w in words),
                   done)

    def after(self, name, done, told, then, last=False):
        """
        The first of two was lost, and says so; the second was not. At the last
        block the answer may have come before the loss.
        """
        first, _, done.out = done.out.partition("\n")
        self.check(f"{name}: is told", first == "7" and told in done.err
                   or last and first == "6", done)
        self.verified(f"{name}: {then}", done)

    def finish(self):
        if self.failures:
            print(f"{len(self.failures)} failed")
        sys.exit(1 if self.failures else 0)
