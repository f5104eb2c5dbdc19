# SPDX-License-Identifier: MIT
"""peer.py FILE-OR-DIRECTORY OUTDIR

What a careful user would write in a quarter of an hour: one process, each
blob written under another name and renamed, both hashes printed. Neither
durable nor strict.
"""
import base64
import hashlib
import json
import os
import sys


def convert(source, name, out):
    with open(source, "rb") as f:
        text = f.read()
    details = json.loads(text)["OsDiskEncryptionDetails"]
    blob = base64.b64decode(details["KeyBackupData"], validate=True)
    name = name.removesuffix(".json") + ".blob"
    part = f"{out}/.{name}.part"
    with open(part, "xb") as f:
        f.write(blob)
    os.rename(part, f"{out}/{name}")
    print(hashlib.sha256(text).hexdigest(), hashlib.sha256(blob).hexdigest(), name)


os.umask(0o077)
where, out = sys.argv[1:]
if os.path.isdir(where):
    for name in sorted(os.listdir(where)):
        convert(f"{where}/{name}", name, out)
else:
    convert(where, os.path.basename(where), out)
