# SPDX-License-Identifier: MIT
"""Writes the inputs of the fuzz targets that are no text into a folder, made
from the samples: archives, gzip streams, key backups and their headers.

Usage: make-corpus.py SAMPLES FOLDER
"""

import base64
import gzip
import io
import json
import os
import struct
import sys
import tarfile
import zipfile
import zlib

SAMPLES, OUT = sys.argv[1:]
CONFIG = b'{"OsDiskEncryptionDetails":{"KeyBackupData":"JkF6"}}\n'


def save(target, name, content):
    folder = os.path.join(OUT, target)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), 'wb') as f:
        f.write(content)


# ---- key backups ------------------------------------------------------------

def b64url(text):
    return base64.urlsafe_b64encode(text).rstrip(b'=')


def backup(magic, header, *sizes):
    segments = [b64url(header)]
    for i, size in enumerate(sizes):
        segments.append(b64url(bytes((7 * i + 13 * k) % 256
                                     for k in range(size))))
    length = bytes([len(magic)]) if magic else b''
    return length + magic + b'.'.join(segments)


KID = b'"kid":"00000000-1111-2222-3333-444444444444"'
V1 = b'AzureKeyVaultKeyBackupV1.microsoft.com'
HEADERS = {
    'vault': b'{%s,"alg":"RSA-OAEP-256","enc":"A256CBC-HS512"}' % KID,
    'vault-2015': b'{%s,"alg":"RSA-OAEP","enc":"A128CBC-HS256"}' % KID,
    'hsm': b'{"alg":"dir","enc":"A256CBC-HS512","kid":"backup-protection-key"}',
    'newer': b'{"enc":"A256GCM", "x":{"y":[1,null]},"alg":"RSA-OAEP"}',
}
for name, header in HEADERS.items():
    save('jweheader', name, header)
BACKUPS = {
    'vault': backup(V1, HEADERS['vault'], 256, 16, 64, 32),
    'vault-2015': backup(V1, HEADERS['vault-2015'], 256, 16, 48, 16),
    'hsm': backup(b'', HEADERS['hsm'], 0, 16, 80, 32),
    'newer': backup(V1.replace(b'V1', b'V2'), HEADERS['newer'], 300, 12, 5, 16),
    'secret': backup(V1.replace(b'Key', b'Secret', 2).replace(
        b'SecretVaultSecret', b'KeyVaultSecret'), HEADERS['vault'], 256, 16,
        32, 32),
    'repeat': backup(V1, HEADERS['vault'], 256, 16, 512, 32),
}
for name, b in BACKUPS.items():
    save('keybackup', name, b)
    save('keybackup', name + '-and-more', b + b'.more')
    save('b64', name, base64.b64encode(b))
    text = json.dumps({'OsDiskEncryptionDetails': {
        'KeyBackupData': base64.b64encode(b).decode()}}).encode()
    save('config', name, text)
    save('document', name, text)
    save('carve', name, b'\0..' + b + b'\n')
    save('carve', name + '-base64', b'x=' + base64.encodebytes(b) + b'\0')
    save('carve', name + '-wide', text.decode().encode('utf-16-le') + b'\0')
    save('carve', name + '-big', b'\0' + text.decode().encode('utf-16-be'))
    save('carve', name + '-log', json.dumps({'log': text.decode()}).encode())
    save('carve', name + '-gzip', b'..' + gzip.compress(text, mtime=0) + text)
    save('document', name + '.gz', gzip.compress(text, mtime=0))

# ---- gzip -------------------------------------------------------------------


def member(content, level=9, flags=0, extra=b''):
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    return b'\x1f\x8b\x08' + bytes([flags]) + b'\0\0\0\0\0\3' + extra + \
        c.compress(content) + c.flush() + \
        struct.pack('<II', zlib.crc32(content), len(content))


GZIPS = {
    'one': member(CONFIG),
    'stored': member(CONFIG, 0),
    'named': member(CONFIG, 9, 8, b'a.json\0'),
    'fields': member(CONFIG, 1, 0x1c, b'\2\0xyname\0comment\0'),
    'two': member(CONFIG) + member(b'more'),
    'trailing': member(CONFIG) + b'\0\0\x1f\x8b',
    'empty': member(b''),
    'zeros': member(bytes(1 << 18)),
    'truncated': member(CONFIG)[:-9],
}
for name, g in GZIPS.items():
    save('gzip', name, g)

# ---- archives ---------------------------------------------------------------


def tar(form, members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode='w', format=form) as a:
        for name, content, values in members:
            t = tarfile.TarInfo(name)
            t.size = len(content)
            for key, value in values.items():
                setattr(t, key, value)
            a.addfile(t, io.BytesIO(content))
    # without the padding to a record of 20 blocks
    return out.getvalue().rstrip(b'\0') + bytes(1024)


def padded(archive):
    return archive + bytes(-len(archive) % 512)


LONG = 'd' * 90 + '/' + 'n' * 90 + '.json'
for word, form in (('ustar', tarfile.USTAR_FORMAT), ('gnu', tarfile.GNU_FORMAT),
                   ('pax', tarfile.PAX_FORMAT)):
    save('tar', word, padded(tar(form, [('a.json', CONFIG, {})])))
    save('tar', word + '-long', padded(tar(form, [
        (LONG, CONFIG, {}), ('b.json', b'{}', {'mtime': 99})])))
    save('tar', word + '-types', padded(tar(form, [
        ('d', b'', {'type': tarfile.DIRTYPE}),
        ('l', b'', {'type': tarfile.SYMTYPE, 'linkname': 'x' * 120 if word !=
                    'ustar' else 'x'}),
        ('f', b'', {'type': tarfile.FIFOTYPE})])))
save('tar', 'pax-records', padded(tar(tarfile.PAX_FORMAT, [
    ('x.json', CONFIG, {'mtime': 1.5, 'pax_headers': {
        'comment': 'c' * 99, 'path': 'y.json'}})])))
save('tar', 'pax-sparse', padded(tar(tarfile.PAX_FORMAT, [
    ('x.json', CONFIG, {'pax_headers': {
        'GNU.sparse.major': '1', 'GNU.sparse.name': 'z.json'}})])))


def zipped(method, names, comment=b''):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as a:
        for name in names:
            info = zipfile.ZipInfo(name, (2026, 1, 2, 3, 4, 6))
            info.compress_type = method
            a.writestr(info, CONFIG)
        a.comment = comment
    return out.getvalue()


def streamed():
    """Sizes behind the contents, as a writer that cannot seek does it."""
    class Pipe(io.RawIOBase):
        content = b''

        def writable(self):
            return True

        def write(self, b):
            self.content += bytes(b)
            return len(b)
    pipe = Pipe()
    with zipfile.ZipFile(pipe, 'w', zipfile.ZIP_DEFLATED) as a:
        a.writestr(zipfile.ZipInfo('a.json', (2026, 1, 2, 3, 4, 6)), CONFIG)
    return pipe.content


def zip64():
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w') as a:
        with a.open(zipfile.ZipInfo('a.json', (2026, 1, 2, 3, 4, 6)), 'w',
                    force_zip64=True) as f:
            f.write(CONFIG)
    return out.getvalue()


ZIPS = {
    'stored': zipped(zipfile.ZIP_STORED, ['a.json']),
    'deflated': zipped(zipfile.ZIP_DEFLATED, ['a.json', 'd/', 'd/b.json']),
    'lzma': zipped(zipfile.ZIP_LZMA, ['a.json']),
    'comment': zipped(zipfile.ZIP_STORED, ['a.json'], b'PK\5\6 comment'),
    'streamed': streamed(),
    'zip64': zip64(),
    'empty': zipped(zipfile.ZIP_STORED, []),
}
for name, z in ZIPS.items():
    save('zip', name, z)
    save('document', name + '.zip', z)
    save('gzip', name + '.zip.gz', member(z))
save('document', 'tar', padded(tar(tarfile.PAX_FORMAT, [
    ('a.json', CONFIG, {}), ('b.json.gz', GZIPS['one'], {})])))
save('document', 'tgz', member(padded(tar(tarfile.GNU_FORMAT, [
    ('a.json', CONFIG, {}), ('in.zip', ZIPS['stored'], {})]))))

# ---- what was found -----------------------------------------------------------

# the offset of the error lay behind the end of the archive
z = bytearray(ZIPS['stored'])
z[z.index(b'PK\1\2') + 28] = 251
save('zip', 'found-name-ends-behind-the-list', z)
# minizip took the second list, which lacks its last byte, and is damaged
z = ZIPS['streamed']
listed = bytearray(z[z.index(b'PK\1\2'):-1])
listed[29] = 18
save('zip', 'found-second-list-is-damaged', z + listed)

# ---- text -------------------------------------------------------------------

for name in 'utf-16-le', 'utf-16-be':
    text = '\ufeff{"a":"\U0001f600\xe4\u20ac"}\n\n'
    save('text', name, text.encode(name))
    save('text', name + '-no-mark', text[1:].encode(name))
    save('text', name + '-half', text.encode(name) + b'\0')
    save('document', name, text.encode(name))
for sample in sorted(os.listdir(SAMPLES)):
    if sample.endswith('.blob'):
        with open(os.path.join(SAMPLES, sample), 'rb') as f:
            save('keybackup', sample, f.read())
