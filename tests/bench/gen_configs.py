#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Write N configs of one class, the same bytes on every run.

The n-th file depends on seed, class and n alone, so the first files of a
large set are those of a small one. Each holds a vault backup of the right
shape around random bytes; nothing that any service would restore.
"""
import argparse
import base64
import gzip
import hashlib
import json
import os
import random
import sys
import uuid

# Sizes of the decoded backup: of one, some and many versions of a key.
CLASSES = {
    "8k": (5000, 9000),
    "35k": (33000, 37000),
    "300k": (290000, 310000),
}
MAGIC = b"AzureKeyVaultKeyBackupV1.microsoft.com"
ENCRYPTED_KEY, IV, TAG, BLOCK = 256, 16, 32, 16  # RSA-2048, A256CBC-HS512


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def backup(rng, size):
    """A vault backup of about SIZE bytes: length byte, magic, JWE."""
    kid = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    header = '{"kid":"%s","alg":"RSA-OAEP-256","enc":"A256CBC-HS512"}' % kid
    front = [url64(header.encode()), url64(rng.randbytes(ENCRYPTED_KEY)),
             url64(rng.randbytes(IV))]
    tag = url64(rng.randbytes(TAG))
    rest = size - 1 - len(MAGIC) - sum(map(len, front)) - len(tag) - 4
    blocks = max(1, rest * 3 // 4 // BLOCK)
    jwe = b".".join(front + [url64(rng.randbytes(blocks * BLOCK)), tag])
    return bytes([len(MAGIC)]) + MAGIC + jwe


def config(rng, data):
    """The JSON text that carries DATA; its length does not vary otherwise."""
    subscription = uuid.UUID(int=rng.getrandbits(128), version=4)
    vault = "kv-bench-%06x" % rng.getrandbits(24)
    group = f"/subscriptions/{subscription}/resourceGroups/rg-bench/providers"
    version = "%032x" % rng.getrandbits(128)
    details = {
        "DiskEncryptionSetId": f"{group}/Microsoft.Compute/diskEncryptionSets"
                               "/des-%06x" % rng.getrandbits(24),
        "EncryptionType": "ConfidentialVmEncryptedWithCustomerKey",
        "KeyUrl": f"https://{vault}.vault.azure.net/keys/bench-key/{version}",
        "KeyVaultResourceId": f"{group}/Microsoft.KeyVault/vaults/{vault}",
        "KeyBackupData": base64.b64encode(data).decode(),
        "KeyVaultResourceType": "Microsoft.KeyVault/vaults",
    }
    return json.dumps({"OsDiskEncryptionDetails": details},
                      separators=(",", ":")).encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--gzip", action="store_true", help="write .json.gz")
    parser.add_argument("--sums", metavar="FILE",
                        help="also write the SHA-256 of each blob, for sha256sum -c")
    parser.add_argument("size", choices=CLASSES)
    parser.add_argument("n", type=int)
    parser.add_argument("directory")
    args = parser.parse_args()

    os.makedirs(args.directory, exist_ok=True)
    sums = open(args.sums, "w") if args.sums else None
    total = blobs = around = 0
    for i in range(args.n):
        rng = random.Random(f"{args.seed}/{args.size}/{i}")
        data = backup(rng, rng.randint(*CLASSES[args.size]))
        text = config(rng, data)
        stem = f"vm{i:06d}_config"
        total += len(text)
        blobs += len(data)
        around = len(text) - (len(data) + 2) // 3 * 4
        name = os.path.join(args.directory, stem + ".json")
        if args.gzip:
            name += ".gz"
            text = gzip.compress(text, 6, mtime=0)
        with open(name, "xb") as f:
            f.write(text)
        if sums:
            print(f"{hashlib.sha256(data).hexdigest()}  {stem}.blob", file=sums)
    if sums:
        sums.close()
    # text and blob bytes, and what of each text is not key data
    print(total, blobs, around)


if __name__ == "__main__":
    sys.exit(main())
