#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/deb.sh TARBALL: dist/cvmkey_VERSION_ARCH.deb, built out of the
# tarball of make dist.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
tarball=$1
version=$(basename "$tarball" .tar.xz | sed 's/^cvmkey-//')
work=$BUILD/deb
chmod -R u+rwx "$work" 2>/dev/null || :
rm -rf "$work"
mkdir -p "$work" "$top/dist"
cp "$tarball" "$work/cvmkey_$version.orig.tar.xz"
cd "$work"
tar -xf "cvmkey_$version.orig.tar.xz"
cd "cvmkey-$version"
cp -R packaging/debian debian
dpkg-buildpackage -us -uc >../log 2>&1 || {
	tail -n 20 ../log >&2
	exit 1
}
cd ..
lintian --info --fail-on error,warning ./*.changes
cp ./cvmkey_*.deb "$top/dist/"
ls "$top"/dist/cvmkey_*.deb
