# SPDX-License-Identifier: MIT
"""Holds cvmkey against a reader of configs that shares no code with it.

Usage: differential.py CVMKEY SAMPLES COUNT [SEED]

Mutates the sample configs, has each extracted, and reads it again with
Python's own JSON and base64. Where a blob was written, it must be what Python
finds at the record's pointer; where the JSON, the text or the base64 was
refused, Python must refuse it, too; a backup that Python finds in order must
not be refused for its structure. Prints counts; exits with 1 at the first
disagreement, whose config is kept.
"""

import base64
import binascii
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

# causes that Python does not know, or that are no offence against JSON
OTHER_JSON = {'json.' + s for s in (
    'depth', 'values', 'members', 'duplicate-name', 'nul', 'surrogate', 'root')}
TEXT = {'text.utf-8', 'text.utf-16-damaged', 'text.utf-32'}
OTHER_BLOB = {'blob.secret', 'blob.key', 'blob.repeated'}
OTHER_B64 = {'b64.twice', 'b64.case-folded'}  # text of base64, and no backup
TOKENS = [b'"', b'\\', b'{', b'}', b'[', b']', b',', b':', b'\0', b'\xff',
          b'\\u0041', b'\\ud83d\\ude00', b'\\/', b'\t', b'\r\n', b' ', b'=',
          b'-', b'_', b'.', b'%2B', b'1e5', b'01', b'null', b'true', b'NaN',
          b'\xef\xbb\xbf', b'\xc3\xa4', b'\xc2\xa0', b'A', b'JkF6']


def mutate(rng, data):
    b = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at = rng.randrange(len(b) + 1)
        kind = rng.randrange(7)
        if kind == 0 and at < len(b):
            b[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del b[at:at + rng.choice((1, 1, 4, 64))]
        elif kind == 2:
            b[at:at] = rng.choice(TOKENS)
        elif kind == 3:
            b[at:at] = b[at:at + rng.randrange(1, 80)]
        elif kind == 4:
            del b[at:]
        elif kind == 5 and at < len(b):
            b[at:at + 1] = b'\\u%04x' % b[at]
        else:
            b[at:at + 1] = bytes([rng.randrange(256)])
    return bytes(b)


# ---- the other reader -------------------------------------------------------

def decode(data):
    if data.startswith((b'\xff\xfe\0\0', b'\0\0\xfe\xff', b'{\0\0\0',
                        b'\0\0\0{')):
        raise ValueError('UTF-32')
    for mark, name in ((b'\xef\xbb\xbf', 'utf-8'), (b'\xff\xfe', 'utf-16-le'),
                       (b'\xfe\xff', 'utf-16-be')):
        if data.startswith(mark):
            data = data[len(mark):]
            break
    else:
        wide = len(data) > 1 and (data[0] == 0) != (data[1] == 0)
        name = 'utf-8' if not wide else \
            'utf-16-be' if data[0] == 0 else 'utf-16-le'
    if name != 'utf-8' and len(data) % 2 and data[-1] == 0:
        data = data[:-1]
    return data.decode(name)


def refuse_constant(word):
    raise ValueError(word)


def parse(data):
    """The document, or None."""
    try:
        text = decode(data)
        return json.loads(re.sub('[\0 \t\r\n]*\\Z', '', text),
                          parse_constant=refuse_constant)
    except ValueError:
        return None


def value_at(document, pointer):
    for step in pointer.split('/')[1:]:
        step = step.replace('~1', '/').replace('~0', '~')
        document = document[int(step) if isinstance(document, list) else step]
    return document


def b64(text):
    """The bytes, or None."""
    text = re.sub('[ \t\r\n]', '', text)
    if '=' not in text:
        text += '=' * (-len(text) % 4)
    if len(text) % 4:  # Python would take 'AAAA='
        return None
    try:
        return base64.b64decode(text.encode(), validate=True)
    except (ValueError, binascii.Error):
        return None


def once(pairs):
    """An object that names no member twice."""
    if len(dict(pairs)) < len(pairs):
        raise ValueError('twice')
    return dict(pairs)


def is_key_backup(blob):
    m = re.fullmatch(rb'(&AzureKeyVaultKeyBackupV1\.microsoft\.com)?'
                     rb'([\w-]+)\.([\w-]*)\.([\w-]+)\.([\w-]+)\.([\w-]+)', blob,
                     re.ASCII)
    if not m:
        return False
    parts = []
    for text in m.groups()[1:]:
        if len(text) % 4 == 1:
            return False
        part = base64.urlsafe_b64decode(text + b'=' * (-len(text) % 4))
        if base64.urlsafe_b64encode(part).rstrip(b'=') != text:
            return False
        parts.append(part)
    try:
        header = json.loads(re.fullmatch(r'[ -\[\]-~]+', parts[0].decode(
            'ascii')).group(), object_pairs_hook=once)
        tag = {'A128CBC-HS256': 16, 'A256CBC-HS512': 32}[header['enc']]
        sizes = {'dir': (0,), 'RSA-OAEP': (256, 512),
                 'RSA-OAEP-256': (256, 512)}[header['alg']]
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    if not header.get('kid') or not isinstance(header['kid'], str):
        return False
    return len(parts[1]) in sizes and len(parts[2]) == 16 and \
        len(parts[3]) % 16 == 0 and len(parts[4]) == tag


# ---- the comparison ---------------------------------------------------------

def judge(data, records, out):
    """A disagreement in words, or None; and whether a blob was written."""
    document = parse(data)
    written = False
    for r in records:
        pointer = r['backup']['pointer'] if r['backup'] else None
        error = r['findings'][-1]['id'] if r['status'] != 'ok' else ''
        family = error.split('.')[0]
        if document is None:
            if not error:
                return 'accepted, but it is no JSON', written
            continue
        if family in ('json', 'kind') and error not in OTHER_JSON or \
                error in TEXT:
            return 'refused with %s, but it is JSON' % error, written
        if pointer is None:
            continue
        try:
            value = value_at(document, pointer)
        except (LookupError, ValueError, TypeError):
            return 'nothing stands at ' + pointer, written
        blob = b64(value) if isinstance(value, str) else None
        if not error:
            written = True
            with open(os.path.join(out, r['blob']['path']), 'rb') as f:
                if f.read() != blob:
                    return 'the blob is not what stands at ' + pointer, written
        # without its padding a backup has to be in order to be taken
        elif family == 'b64' and error not in OTHER_B64 and \
                blob is not None and \
                (error != 'b64.length' or is_key_backup(blob)):
            return 'refused with %s, but it is base64' % error, written
        elif family == 'blob' and error not in OTHER_BLOB and \
                blob is not None and is_key_backup(blob):
            return 'refused with %s, but it is a backup' % error, written
    return None, written


def run_batch(cvmkey, cases, work):
    """Disagreements and how many gave a blob."""
    names = []
    for i, data in enumerate(cases):
        names.append('%d.json' % i)
        with open(os.path.join(work, names[-1]), 'wb') as f:
            f.write(data)
    done = subprocess.run(
        [cvmkey, 'extract', '--json', '--no-sync', '-d', 'out'] + names,
        cwd=work, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if done.returncode not in (0, 1):
        sys.exit('differential: cvmkey ended with %d' % done.returncode)
    records = {name: [] for name in names}
    for line in done.stdout.splitlines():
        r = json.loads(line)
        if r['type'] == 'extract':
            records[r['input']['path']].append(r)
    blobs = 0
    for name, data in zip(names, cases):
        if not records[name]:
            sys.exit('differential: %s has no record' % name)
        what, written = judge(data, records[name], os.path.join(work, 'out'))
        blobs += written
        if what:
            with open('disagreement.json', 'wb') as f:
                f.write(data)
            sys.exit('differential: %s: kept as disagreement.json' % what)
    return blobs


def main():
    sys.setrecursionlimit(20000)
    cvmkey, samples, count = os.path.abspath(sys.argv[1]), sys.argv[2], \
        int(sys.argv[3])
    rng = random.Random(int(sys.argv[4]) if len(sys.argv) > 4 else 1)
    seeds = []
    for name in sorted(os.listdir(samples)):
        if re.match('(good|odd|bad)-.*[.]json$', name) and \
                os.path.getsize(os.path.join(samples, name)) < 40000:
            with open(os.path.join(samples, name), 'rb') as f:
                seeds.append(f.read())
    done = blobs = 0
    while done < count:
        n = min(500, count - done)
        work = tempfile.mkdtemp(prefix='cvmkey-differential.')
        try:
            blobs += run_batch(cvmkey, [mutate(rng, rng.choice(seeds))
                                        for _ in range(n)], work)
        finally:
            shutil.rmtree(work)
        done += n
    print('%d mutated configs: %d gave a blob, no disagreement' % (done, blobs))


if __name__ == '__main__':
    main()
