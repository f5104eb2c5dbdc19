# SPDX-License-Identifier: MIT
"""Writes archives that lie, explode or have hostile names into a folder.

Usage: archives.py CONFIG FOLDER
"""

import gzip
import io
import os
import struct
import sys
import tarfile
import zipfile
import zlib

GOOD = open(sys.argv[1], 'rb').read()
HERE = sys.argv[2]
os.chdir(HERE)
MIB = 1 << 20


def header(name, size=0, **values):
    t = tarfile.TarInfo(name)
    t.size = size
    for key, value in values.items():
        setattr(t, key, value)
    return t


def tar_bytes(members, form=tarfile.PAX_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=form, encoding='utf-8',
                      errors='surrogateescape') as a:
        for name, content in members:
            a.addfile(header(name, len(content)), io.BytesIO(content))
    return out.getvalue()


def save(name, content):
    with open(name, 'wb') as f:
        f.write(content)


def deflated_zeros(mib):
    """A raw deflate stream of so many MiB, made from copies of the first."""
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = c.compress(bytes(MIB)) + c.flush(zlib.Z_FULL_FLUSH)
    return one * mib + b'\3\0'


def zeros_crc(mib):
    crc = 0
    for _ in range(mib):
        crc = zlib.crc32(bytes(MIB), crc)
    return crc


def zip_bytes(entries):
    """Entries are (name, raw deflate data or None for that of the first, crc,
    declared size)."""
    out, directory, first = b'', b'', None
    for name, data, crc, size in entries:
        at = len(out)
        if data is None:
            at, data = first
        else:
            first = first or (0, data)
        common = struct.pack('<HHHIIIIHH', 45, 0, 8, 0x5a21aaaa, crc,
                             len(data), size, len(name), 0)
        directory += b'PK\1\2' + struct.pack('<H', 3 << 8 | 45) + common + \
            struct.pack('<HHHII', 0, 0, 0, 0, at) + name
        if at == len(out):
            out += b'PK\3\4' + common + name + data
    return out + directory + b'PK\5\6' + struct.pack(
        '<HHHHIIH', 0, 0, len(entries), len(entries), len(directory), len(out),
        0)


def entry(name, content=GOOD):
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    return (name, c.compress(content) + c.flush(), zlib.crc32(content),
            len(content))


# ---- bombs ------------------------------------------------------------------

gib = deflated_zeros(1024)
gib_crc = zeros_crc(1024)


def one_header(name, size):
    return header(name, size).tobuf(tarfile.USTAR_FORMAT)


start = zlib.compressobj(9, zlib.DEFLATED, -15)
front = start.compress(tar_bytes([('a.json', GOOD)])[:512 * (
    1 + -(-len(GOOD) // 512))] + one_header('z.bin', 1 << 30))
front += start.flush(zlib.Z_FULL_FLUSH)
back = zlib.compressobj(9, zlib.DEFLATED, -15)
rest = back.compress(tar_bytes([('b.json', GOOD)])) + back.flush()
save('bomb.tgz', b'\x1f\x8b\x08\0\0\0\0\0\0\3' + front + gib[:-2] + rest +
     bytes(8))
save('bomb.zip', zip_bytes([
    entry(b'a.json'), (b'z.json', gib, gib_crc, 1 << 30),
    (b'z.bin', gib, gib_crc, 1 << 30), (b'liar.json', gib, gib_crc, 1000),
    entry(b'b.json')]))
sixty, crc = deflated_zeros(60), zeros_crc(60)
save('overlap.zip', zip_bytes(
    [(b'z', sixty, crc, 60 * MIB)] + [(b'z', None, crc, 60 * MIB)] * 50))
save('gz.tar', tar_bytes([
    ('a.json', GOOD),
    ('z.json.gz', b'\x1f\x8b\x08\0\0\0\0\0\0\3' + gib +
     struct.pack('<II', gib_crc, 1 << 30)),
    ('b.json.gz', gzip.compress(GOOD))]))
save('many.tar', b''.join(one_header('e%d' % (i % 1000), 0)
                          for i in range(1000)) * 100 +
     tar_bytes([('x.json', GOOD)]))
for name, size in ('pax.tar', MIB // 2), ('hugepax.tar', 3 * MIB):
    with tarfile.open(name, 'w', format=tarfile.PAX_FORMAT) as a:
        a.addfile(header('x.json', len(GOOD),
                         pax_headers={'comment': 'c' * size}),
                  io.BytesIO(GOOD))

# ---- archives in archives, and behind them ----------------------------------

tar = tar_bytes([('x.json', GOOD)])
zipped = zip_bytes([entry(b'x.json')])
save('nested.tar', tar_bytes([
    ('in.tar', tar), ('in.tar.gz', gzip.compress(tar)), ('in.zip', zipped),
    ('in.zip.gz', gzip.compress(zipped)), ('in.json', tar), ('in', zipped),
    ('ok.json', GOOD)]))
second = tar_bytes([('y.json', GOOD)])
save('joined.tar', tar + second)
save('joined.tgz', gzip.compress(tar) + gzip.compress(second))
save('second.tar', second)
save('trailing.tar', tar + b'more')
save('trailing.tgz', gzip.compress(tar) + b'more')
save('trailing.zip', zipped + b'more')
with zipfile.ZipFile('lzma.zip', 'w', zipfile.ZIP_LZMA) as a:
    a.writestr('a.json', GOOD)
    a.writestr('b.json', GOOD)

# ---- names ------------------------------------------------------------------

names = [
    '/tmp', HERE + '/arena/abs.json', '../up.json', 'a/../../up2.json', '..',
    'a/..', 'a//b.json', 'x/../y.json', './dot.json', 'new\nline.json',
    'q"uote.json', 'esc\x1b[2Jx.json', '-o', '-d.json', '--force', 'n' * 255,
    'm' * 250 + '.json', 'd' * 255 + '/x.json', 'e' * 256 + '/x.json',
    'Case.json', 'case.json', 'CASE.JSON', 'back\\slash.json',
    'bidi\u202ex.json', 'c1\u0085x.json', 'bom\ufeffx.json', ' space ', '.json',
    '.', 'a.json/b.json', 'a.json', 'C:\\x.json', 'cr\rx.json', 'tab\tx.json',
    '\x7f.json', 'p/' * 100 + 'deep.json', 'q/' * 2100 + 'deep.json',
    'x.blob/y.json', 'x.json', '%s%n.json', '$(id).json', '~', '*',
    '.cvmkey-part', 'SHA256SUMS', 'manifest.jsonl',
]
raw = [n.encode() for n in names] + [b'\xff\xfe.json', b'cut\xc3.json']
texts = [n.decode('utf-8', 'surrogateescape') for n in raw]
members = [(n, GOOD) for n in texts]
save('hostile.pax.tar', tar_bytes(members + [('nul\0x.json', GOOD)]))
save('hostile.gnu.tar', tar_bytes([('', GOOD)] + members,
                                  tarfile.GNU_FORMAT))
save('hostile.tgz', gzip.compress(tar_bytes(members, tarfile.GNU_FORMAT)))
save('hostile.zip', zip_bytes([entry(n) for n in raw + [b'nul\0x.json', b'']]))

# ---- what is no file --------------------------------------------------------

with tarfile.open('types.tar', 'w') as a:
    for name, kind, target in (
            ('l.json', tarfile.SYMTYPE, '/etc/passwd'),
            ('h.json', tarfile.LNKTYPE, 'a.json'),
            ('c.json', tarfile.CHRTYPE, ''), ('b.json', tarfile.BLKTYPE, ''),
            ('f.json', tarfile.FIFOTYPE, ''), ('d.json', tarfile.DIRTYPE, ''),
            ('../up', tarfile.DIRTYPE, ''), ('sl', tarfile.SYMTYPE, '..')):
        a.addfile(header(name, type=kind, linkname=target, devmajor=1,
                         devminor=3))
    a.addfile(header('sl/x.json', len(GOOD)), io.BytesIO(GOOD))
