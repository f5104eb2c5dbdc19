#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write a raw image with key backups in it, the same bytes on every run.

usage: gen_image.py forms OUT [--filler random|ones|lines|zeros]
       gen_image.py mixed OUT MIB PLANTS
       gen_image.py words OUT

forms: every kind of backup in every form it is found in, each across the end
of a MiB. mixed: what disks are full of (noise, zeros, programs, text, JSON,
base64, UTF-16), and configs, blobs and base64 text at random offsets. words:
what other programs are to look for, one a line.

OUT.truth has a line for each: offset, length, SHA-256 of the backup, what it
is, encoding, alignment, separated by TABs.
"""
import argparse
import base64
import glob
import gzip
import hashlib
import json
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import gen_configs  # noqa: E402

MIB = 1 << 20
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")
HSM_HEADER = b'{"alg":"dir","enc":"A256CBC-HS512","kid":"backup-protection-key"}'


def hsm_backup(rng, size):
    """A Managed HSM backup: a JWE without a key of its own."""
    url64 = gen_configs.url64
    return b".".join([url64(HSM_HEADER), b"", url64(rng.randbytes(16)),
                      url64(rng.randbytes(size // 16 * 16)),
                      url64(rng.randbytes(32))])


def config(blob):
    details = {"KeyUrl": "https://kv-1.vault.azure.net/keys/k/" + "0" * 32,
               "KeyVaultResourceType": "Microsoft.KeyVault/vaults",
               "KeyBackupData": base64.b64encode(blob).decode()}
    return json.dumps({"VmName": "vm", "Tags": {"a": [1, {}]},
                       "OsDiskEncryptionDetails": details})


def wrap(text, width):
    return "\r\n".join(text[i:i + width] for i in range(0, len(text), width))


def escape(text, levels):
    for _ in range(levels):
        text = json.dumps({"time": "2026-01-28T10:11:12Z",
                           "message": "config: " + text, "level": 3})
    return text


def make_form(rng, blob, form, alignment):
    """The text, or for two forms the bytes, of a document around blob."""
    around = rng.randbytes(3 * rng.randrange(1, 30) + alignment)
    text = base64.b64encode(around + blob + rng.randbytes(20)).decode()
    plain = base64.b64encode(blob).decode()
    return {
        "config": lambda: config(blob),
        "config-wrapped": lambda: config(blob).replace(plain, wrap(
            plain, 76).replace("\r\n", "\\r\\n")),
        "escaped-1": lambda: escape(config(blob), 1),
        "escaped-2": lambda: escape(config(blob), 2),
        "base64": lambda: text,
        "base64-64": lambda: wrap(text, 64),
        "base64-76": lambda: wrap(text, 76),
        "base64-escaped": lambda: json.dumps(wrap(text, 76)),
        "blob": lambda: blob,
        "gzip": lambda: gzip.compress(config(blob).encode(), mtime=0),
    }[form]()


def all_forms():
    for kind in ("vault", "hsm"):
        for form in ("blob", "gzip"):
            yield kind, form, "-", 0
        for encoding in ENCODINGS:
            for form in ("config", "config-wrapped", "escaped-1", "escaped-2"):
                yield kind, form, encoding, 0
            for form in ("base64", "base64-64", "base64-76", "base64-escaped"):
                for alignment in range(3):
                    yield kind, form, encoding, alignment


def write_truth(out, truth):
    with open(out + ".truth", "w", encoding="ascii") as file:
        for row in sorted(truth):
            print(*row, sep="\t", file=file)


def forms(args):
    rng = random.Random(args.filler)
    noise = {"random": rng.randbytes(MIB), "ones": b"\xff" * MIB,
             "lines": b"\n" * MIB, "zeros": bytes(MIB)}[args.filler]
    truth = []
    with open(args.out, "wb") as file:
        for n, (kind, form, encoding, alignment) in enumerate(all_forms()):
            make = gen_configs.backup if kind == "vault" else hsm_backup
            blob = make(rng, rng.randrange(2000, 5000))
            data = make_form(rng, blob, form, alignment)
            if isinstance(data, str):
                data = data.encode(encoding)
            # the end of a MiB is near its start, its end or anywhere in it
            before = rng.choice([0, 1, 2, 3, 40, len(data) - 1, len(data),
                                 rng.randrange(len(data)),
                                 rng.randrange(len(data))])
            offset = (n + 1) * MIB - before
            at = file.tell()
            file.write(noise[:offset - at] if offset - at <= MIB
                       else noise + noise[:offset - at - MIB])
            file.write(data)
            truth.append((offset, len(data), hashlib.sha256(blob).hexdigest(),
                          form, encoding, alignment))
        file.write(noise[:1000])
    write_truth(args.out, truth)


def fillings(rng):
    """(share, function that makes a MiB) of what a disk holds."""
    words = ("alpha beta KeyVault Azure Backup Key microsoft.com Data KeyUrl "
             "https vault azure.net disk of the and restore").split()
    text = " ".join(rng.choices(words, k=MIB // 3)).encode()[:MIB].ljust(MIB)
    row = json.dumps({"time": "2026-01-28T10:11:12Z", "operationName": "Backup",
                      "KeyUrl": "https://x.vault.azure.net/keys/a/" + "0" * 32,
                      "msg": " ".join(rng.choices(words, k=40))}) + "\n"
    rows = (row.encode() * (MIB // len(row) + 1))[:MIB]
    wide = text[:MIB // 2].decode().encode("utf-16-le")
    programs = b""
    for path in sorted(glob.glob("/usr/lib/*/*.so.*")):
        if os.path.isfile(path) and len(programs) < 32 * MIB:
            with open(path, "rb") as file:
                programs += file.read()
    programs = programs.ljust(2 * MIB)

    def program():
        at = rng.randrange(len(programs) - MIB)
        return programs[at:at + MIB]

    return [(40, lambda: rng.randbytes(MIB)), (25, lambda: bytes(MIB)),
            (15, program), (5, lambda: text), (5, lambda: rows),
            (5, lambda: base64.b64encode(rng.randbytes(MIB * 3 // 4))),
            (5, lambda: wide)]


def mixed(args):
    rng = random.Random(args.mib)
    shares, makers = zip(*fillings(rng))
    kinds = [("config", "utf-8"), ("config", "utf-16-le"), ("blob", "-"),
             ("base64", "utf-8")]
    truth, taken = [], []
    with open(args.out, "wb") as file:
        for _ in range(args.mib):
            file.write(rng.choices(makers, shares)[0]())
        for n in range(args.plants):
            form, encoding = kinds[n % len(kinds)]
            blob = gen_configs.backup(rng, rng.randrange(5000, 9000))
            data = make_form(rng, blob, form, n % 3)
            if isinstance(data, str):
                data = data.encode(encoding)
            while True:
                offset = rng.randrange(args.mib * MIB - len(data))
                if all(offset + len(data) <= a or offset >= b
                       for a, b in taken):
                    break
            taken.append((offset, offset + len(data)))
            file.seek(offset)
            file.write(data)
            truth.append((offset, len(data), hashlib.sha256(blob).hexdigest(),
                          form, encoding, n % 3))
    write_truth(args.out, truth)


def words(args):
    magic = gen_configs.MAGIC
    found = [magic.decode(), '"KeyBackupData"']
    for lead in range(3):
        text = base64.b64encode(bytes(lead) + magic).decode().rstrip("=")
        # a character of more bits than the magic has is not always the same
        first = (lead * 8 + 5) // 6
        found.append(text[first:(lead + len(magic)) * 8 // 6])
    with open(args.out, "w", encoding="ascii") as file:
        print(*found, sep="\n", file=file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("forms")
    command.add_argument("out")
    command.add_argument("--filler", default="random",
                         choices=("random", "ones", "lines", "zeros"))
    command.set_defaults(run=forms)
    command = commands.add_parser("mixed")
    command.add_argument("out")
    command.add_argument("mib", type=int)
    command.add_argument("plants", type=int)
    command.set_defaults(run=mixed)
    command = commands.add_parser("words")
    command.add_argument("out")
    command.set_defaults(run=words)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
