#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/release.sh TARBALL: everything of dist/, by the steps of RELEASE.md:
# the static files, run through every scenario and built twice; packages; what
# is in them; and the sums of it all.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
tarball=$1
export BUILD SOURCE_DATE_EPOCH
here=$top/packaging
version=$(basename "$tarball" .tar.xz | sed 's/^cvmkey-//')

# only what this run makes is summed
rm -rf "$top/dist"
mkdir "$top/dist"
cp "$tarball" "$top/dist/"
"$here/static.sh" x86_64 aarch64
cd "$top/dist"
"$here/suite.sh" "$BUILD" "cvmkey-$version-linux-x86_64" "cvmkey-$version-linux-aarch64"
"$here/reproducible.sh" x86_64 aarch64
"$here/deb.sh" "$tarball"
"$here/rpm.sh" "$tarball"
cp "$here/cvmkey.mkape" .
"$here/sbom.sh" cvmkey-*-linux-* >"cvmkey-$version.spdx.json"
sha256sum -- * >../SHA256SUMS.new
mv ../SHA256SUMS.new SHA256SUMS
cat SHA256SUMS
