#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Holds what tests miss of src/evidence/ against the list of what they may.

usage: coverage-missing.py LIST ROOT FILES.json        (of gcovr)
       coverage-missing.py LIST ROOT SHOW EXPORT.json  (of llvm-cov)

The first looks at lines and branches, the second at conditions that no pair of
tests shows to decide on their own. The list is matched by file and source
text, as line numbers move. Exits with 1 if something is missed that is not
listed, or listed and not missed; entries without a reason are an error.
"""
import collections
import json
import os
import re
import sys

PART = "src/evidence/"


def read_list(name):
    """{(kind, file, text): how many}; a reason follows one or more entries."""
    entries, explained = {}, True
    with open(name, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.startswith("#") or not line.strip():
                continue
            if line[0].isspace():
                explained = True
                continue
            fields = line.split(None, 3)
            if len(fields) != 4:
                sys.exit("%s:%d: this is no entry" % (name, number))
            entries[fields[0], fields[1], fields[3].strip()] = int(fields[2])
            explained = False
    if not explained:
        sys.exit("%s: the last entry has no reason" % name)
    return entries


def source(root, name):
    with open(os.path.join(root, name), encoding="utf-8") as f:
        return f.read().split("\n")


def from_gcovr(root, name):
    """Lines and branches that were not reached."""
    missed = collections.Counter()
    with open(name, encoding="utf-8") as f:
        files = json.load(f)["files"]
    for entry in files:
        if not entry["file"].startswith(PART):
            continue
        text = source(root, entry["file"])
        for line in entry["lines"]:
            if line["gcovr/noncode"]:
                continue
            words = text[line["line_number"] - 1].strip()
            if not line["count"]:
                missed["line", entry["file"], words] += 1
            n = sum(not b["count"] for b in line["branches"])
            if n:
                missed["branch", entry["file"], words] += n
    return missed, sum(f["file"].startswith(PART) for f in files)


def condition(lines, begin, ends):
    """The source text of the condition that begins there."""
    end = ends[begin]
    text = lines[begin[0] - 1:end[0]]
    text[-1] = text[-1][:end[1] - 1]
    text[0] = text[0][begin[1] - 1:]
    return " ".join(" ".join(text).split())


def from_llvm(root, show, export):
    """Conditions without a pair of tests. How many there are is printed."""
    ends = {}
    with open(export, encoding="utf-8") as f:
        for entry in json.load(f)["data"][0]["files"]:
            name = os.path.relpath(entry["filename"], root)
            ends[name] = {(b[0], b[1]): (b[2], b[3]) for b in entry["branches"]}
    missed, name, lines, begins, n = collections.Counter(), "", [], {}, 0
    with open(show, encoding="utf-8") as f:
        for line in f:
            if line.startswith("/") and line.endswith(":\n"):
                name = os.path.relpath(line[:-2], root)
                lines = source(root, name)
            at = re.search(r"Condition C(\d+) --> \((\d+):(\d+)\)", line)
            if at:
                begins[at[1]] = (int(at[2]), int(at[3]))
            pair = re.search(r"C(\d+)-Pair: (not )?(covered|constant)", line)
            n += bool(pair)
            if pair and pair[2]:
                words = condition(lines, begins[pair[1]], ends[name])
                missed["condition", name, words] += 1
    print("MC/DC      %5d of %5d conditions of %s %5.1f %%" %
          (n - sum(missed.values()), n, PART,
           100 - 100 * sum(missed.values()) / max(n, 1)))
    return missed, n


def main():
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    entries = read_list(sys.argv[1])
    if len(sys.argv) == 4:
        kinds = ("line", "branch")
        missed, n = from_gcovr(*sys.argv[2:])
    else:
        kinds = ("condition",)
        missed, n = from_llvm(*sys.argv[2:])
    if not n:
        sys.exit("nothing of %s was measured" % PART)
    wrong = 0
    entries = {k: v for k, v in entries.items() if k[0] in kinds}
    for key in sorted(set(missed) | set(entries)):
        if missed[key] != entries.get(key, 0):
            wrong += 1
            print("missed %d, listed %d: %s %s: %s" %
                  ((missed[key], entries.get(key, 0)) + key))
    print("%d missed and listed with their reason, %d not as listed" %
          (sum(missed[k] for k in entries), wrong))
    sys.exit(wrong > 0)


main()
