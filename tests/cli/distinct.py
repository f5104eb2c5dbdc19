# SPDX-License-Identifier: MIT
"""Writes configs of which no two have the same key backup.

usage: distinct.py SAMPLE <NAMES

One for each line of NAMES, in folders that exist. Four letters of the tag, the
last segment, are the number of the line: the backup stays whole.
"""
import base64
import json
import sys

LETTERS = (b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
           b"0123456789-_")

with open(sys.argv[1], encoding="utf-8") as sample:
    config = json.load(sample)
details = config["OsDiskEncryptionDetails"]
blob = bytearray(base64.b64decode(details["KeyBackupData"]))
tag = blob.rindex(b".") + 1
for number, name in enumerate(sys.stdin):
    for at in range(tag, tag + 4):
        blob[at] = LETTERS[number % 64]
        number //= 64
    details["KeyBackupData"] = base64.b64encode(bytes(blob)).decode()
    with open(name.rstrip("\n"), "w", encoding="utf-8") as f:
        json.dump(config, f)
