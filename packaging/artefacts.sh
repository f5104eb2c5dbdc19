#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/artefacts.sh: all of dist/, out of this clone and the build that is
# configured in it. A commit gives the same bytes wherever and whenever, for
# all times in them are the commit's.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
BUILD=$(cd "$BUILD" && pwd)
SOURCE_DATE_EPOCH=$(git -C "$top" log -1 --format=%ct)
export BUILD SOURCE_DATE_EPOCH
here=$top/packaging

# nor has the tarball a trace of who made it, or with how many processors
TAR_OPTIONS="--sort=name --mtime=@$SOURCE_DATE_EPOCH --owner=0 --group=0 \
--numeric-owner --mode=u=rwX,go=rX" XZ_OPT='-e -T1' \
	make -s -C "$BUILD" --no-print-directory dist
version=$(sed -n 's/^AC_INIT(\[cvmkey\], \[\(.*\)\])$/\1/p' "$top/configure.ac")
tarball=$BUILD/cvmkey-$version.tar.xz

# only what this run makes is there, and summed
rm -rf "$top/dist"
mkdir "$top/dist"
cp "$tarball" "$here/cvmkey.mkape" "$top/dist/"
"$here/static.sh" x86_64 aarch64
"$here/windows.sh"
"$here/deb.sh" "$tarball"
"$here/rpm.sh" "$tarball"
cd "$top/dist"
"$here/sbom.sh" cvmkey-*-linux-* cvmkey-*.exe >"$BUILD/spdx.json"
mv "$BUILD/spdx.json" "cvmkey-$version.spdx.json"
sha256sum -- * >"$BUILD/sums"
mv "$BUILD/sums" SHA256SUMS
