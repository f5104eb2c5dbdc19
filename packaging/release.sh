#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/release.sh: everything of dist/, tested, by the steps of RELEASE.md:
# built, run through every scenario, and built twice.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
BUILD=$(cd "$BUILD" && pwd)
export BUILD
here=$top/packaging

# the second build is made of what is committed
[ -z "$(git -C "$top" status --porcelain --untracked-files=no)" ] || {
	echo 'release: something is not committed' >&2
	exit 1
}

"$here/artefacts.sh"
cd "$top/dist"
jq -e -f "$here/spdx.jq" cvmkey-*.spdx.json
"$here/suite.sh" "$BUILD" cvmkey-*-linux-* cvmkey-*.exe
"$here/wine.sh" "$BUILD" cvmkey-*.exe
"$here/reproducible.sh"
cat SHA256SUMS
