#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/reproducible.sh: builds everything in dist/ once more from nothing,
# out of a clone of what is committed, in another folder, with another home,
# umask and time zone, and compares.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
BUILD=$(cd "$BUILD" && pwd)
again=$(mktemp -d "${TMPDIR:-/tmp}/cvmkey-again.XXXXXX")
trap 'chmod -R u+rwx "$again"; rm -rf "$again"' EXIT
trap 'exit 99' HUP INT TERM

copy=$again/a/longer/place/tree
log=$again/log
umask 027
mkdir -p "$again/home" "$again/a/longer/place"

# build: in the copy, what release.sh did here.
build() {
	git clone -q "$top" "$copy" &&
		mkdir "$copy/build" &&
		# only unpacked, and checked by apt-get as they came
		cp -Rp "$BUILD/sources" "$copy/build/sources" &&
		cd "$copy" && autoreconf -i &&
		cd build && ../configure -q &&
		env -u BUILD -u MAKEFLAGS -u MAKELEVEL HOME="$again/home" \
			TZ=Asia/Tokyo LC_ALL=C.UTF-8 ../packaging/artefacts.sh
}

if ! (build) >"$log" 2>&1; then
	tail -n 20 "$log" >&2
	exit 1
fi
status=0
cd "$top/dist"
for file in *; do
	if cmp "$file" "$copy/dist/$file"; then
		echo "$(sha256sum <"$file" | cut -d ' ' -f 1)  $file: the same twice"
	else
		status=1
	fi
done
exit "$status"
