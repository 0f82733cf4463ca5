"""Records that pages are made from: those of virtual passports as emrtd-read
writes them, and some made of these by hand.

The virtual chip has no proof of its own yet, so a genuine one is such a record
in which the row of Chip Authentication was made to pass.
"""
import copy
import hashlib
import json
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[2]
AT = "2026-06-01T12:00:00Z"
TRUST = ["--trust", str(TOP / "samples/trust"), "--insecure-test-trust"]
EVIL = ("<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;"
        "\u202eNOSSKIRE\u2066\u200b\u0007 A" + "\u0301" * 50 + "W" * 10000)


def set_check(record, check_id, verdict, reason=""):
    for row in record["checks"]:
        if row["id"] == check_id:
            row.update(verdict=verdict, reason=reason)


def read(tools, out, profile="utopia", trust=TRUST, mrz=None):
    """The record of a virtual passport, its files in out."""
    lines = subprocess.run(
        [tools / "mrz-read", "--json", TOP / "samples/mrz/utopia.txt"],
        check=True, capture_output=True).stdout
    done = subprocess.run(
        [tools / "emrtd-read", "--json", "--reader",
         f"sim:{TOP / 'samples/profiles'}/{profile}.json", "--mrz", "-",
         "--at", AT, "--out", out, *trust], input=mrz or lines,
        capture_output=True)
    return json.loads(done.stdout)


def genuine(base):
    record = copy.deepcopy(base)
    record.update(test_trust=False, chip="genuine", verdict="genuine",
                  verdict_reason="The data are as the issuing state signed "
                  "them, and the chip has proven that it is the original.")
    set_check(record, "chip.ca", "passed")
    return record


def expired(base):
    record = genuine(base)
    set_check(record, "doc.validity", "failed", "expired on 2032-04-15")
    return record


def another_page(base):
    """Read off a picture, with doubts, and not what the chip stores."""
    record = genuine(base)
    lines = list(record["document"]["lines"])
    lines[0] = lines[0].replace("ERIKSSON", "ERIKSS0N")
    lines[1] = lines[1].replace("320415", "320418")
    record["mrz"] = {
        "lines": lines, "status": "uncertain", "document": 1, "keys": 2,
        "tried": 2, "opened_by": 2, "result": "differs", "differences": [
            {"line": 1, "column": 12, "optical": "0", "chip": "O",
             "doubtful": True},
            {"line": 2, "column": 27, "optical": "8", "chip": "5",
             "doubtful": False}]}
    record["optical"]["documents"][0]["doubts"] = [
        {"line": 1, "column": 12, "text": "0", "alternatives": [
            {"text": "O", "cost": 20}, {"text": "D", "cost": 200}]}]
    set_check(record, "doc.mrz_match", "failed", "line 2, letter 27: 8, not 5")
    return record


def doubtful_page(base):
    """The same, and nobody knows whether the page or its reading is wrong."""
    record = another_page(base)
    set_check(record, "doc.mrz_match", "undetermined",
              "the printed MRZ was not read surely, and differs from DG1: "
              "line 2, column 27: 8 printed, 5 on the chip")
    return record


def deviating(base, fails):
    """A document that is signed well, and not as the standards want it."""
    record = genuine(base)
    record["policy"] = "strict" if fails else "field"
    record["findings"] = [
        {"id": "file.com_sod", "clause": "Doc 9303-10 4.6.1",
         "tests": ["LDS_H_90", "LDS_H_91"],
         "text": "EF.COM and EF.SOD name different data groups",
         "detail": "DG3 and 1974-08-12", "fails": fails},
        {"id": "sod.sha1", "clause": "Doc 9303-12 4.4.1", "tests": [],
         "text": "a hash is SHA-1", "detail": "", "fails": False}]
    set_check(record, "pa.conformance", "failed" if fails else "passed",
              "EF.COM and EF.SOD name different data groups")
    if fails:
        record.update(data="failed", verdict="failed", verdict_reason="The "
                      "data are as they were signed, but not as the standards "
                      "want them, and the policy is strict.")
    return record


def cut_short(base):
    record = copy.deepcopy(base)
    record.update(
        document=None, portrait=None, certificates=None, data="undetermined",
        chip="undetermined", verdict="undetermined", files=[],
        verdict_reason="The reading ended before the data could be judged.",
        error={"code": "CARD_LOST", "class": "card",
               "text": "the document left the field",
               "where": "reading EF.DG2", "sw": None})
    record["mrz"] = dict(record["mrz"], result="not_compared", differences=[])
    for row in record["checks"]:
        if row["verdict"] == "passed" and not row["id"].startswith("access."):
            row.update(verdict="aborted", reason="the document left the field")
    return record


def hostile(base):
    record = copy.deepcopy(base)
    record["document"]["lines"] = [EVIL, '"<>&' * 20]
    for name, value in record["document"]["fields"].items():
        if isinstance(value, str):
            record["document"]["fields"][name] = EVIL
        else:
            value["text"] = EVIL
    record["document"]["fields"]["given_names"] = {"hex": "ff3c"}
    for row in record["checks"]:
        row.update(reason=EVIL, code=EVIL, clause=EVIL)
    record["checks"].append({"id": EVIL, "verdict": "passed", "reason": EVIL})
    for row in record["files"]:
        row.update(name=EVIL, path=EVIL)
    for key in ("verdict_reason", "session"):
        record[key] = EVIL
    record["reader"] = {"uri": EVIL, "name": EVIL}
    record["policy"] = EVIL
    record["findings"] = [{"id": EVIL, "clause": EVIL, "tests": [EVIL] * 2,
                           "text": EVIL, "detail": EVIL, "fails": True}]
    record["tool"] = {"name": EVIL, "version": EVIL}
    for row in record["certificates"].values():
        for key in row:
            row[key] = EVIL
    record["certificates"]["path"] = [dict(record["certificates"]["csca"])]
    for row in record["timing"]["phases"]:
        row["name"] = EVIL
        row["us"] = 2 ** 62
    return record


def with_face(record, folder, image):
    """EF.DG2 of the folder with other bytes in place of its picture; the
    length stays."""
    path = folder / "EF.DG2.bin"
    dg2 = path.read_bytes()
    start = dg2.index(b"\xff\xd8\xff")
    room = len(dg2) - start
    dg2 = dg2[:start] + image[:room].ljust(room, b"\0")
    path.write_bytes(dg2)
    record = copy.deepcopy(record)
    for row in record["files"]:
        if row["name"] == "EF.DG2":
            row.update(sha256=hashlib.sha256(dg2).hexdigest(), path=str(path))
    return record


def pages(tools, folder):
    """Name to record and folder of its files."""
    base = read(tools, folder / "base")
    tampered = read(tools, folder / "tampered", "utopia-tampered")
    unknown = read(tools, folder / "unknown", trust=[])
    files = folder / "base"
    return {
        "authentic_data_only": (base, files),
        "genuine": (genuine(base), files),
        "expired": (expired(base), files),
        "another_page": (another_page(base), files),
        "doubtful_page": (doubtful_page(base), files),
        "failed": (tampered, folder / "tampered"),
        "undetermined": (unknown, folder / "unknown"),
        "deviating_told": (deviating(base, False), files),
        "deviating_failed": (deviating(base, True), files),
        "cut_short": (cut_short(base), None),
        "hostile": (hostile(base), files),
    }
