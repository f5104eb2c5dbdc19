#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/reproducible.sh [ARCH]...: builds the static files once more from
# nothing, in another folder, with another home, umask and time zone, and
# compares them with those in dist/.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
BUILD=$(cd "$BUILD" && pwd)
[ $# -gt 0 ] || set -- x86_64
again=$(mktemp -d "${TMPDIR:-/tmp}/cvmkey-again.XXXXXX")
trap 'chmod -R u+rwx "$again"; rm -rf "$again"' EXIT
trap 'exit 99' HUP INT TERM

mkdir -p "$again/a/longer/place" "$again/home"
copy=$again/a/longer/place/tree
mkdir "$copy"
(cd "$top" && tar -cf - --exclude=./.git --exclude=./dist --exclude=./build \
	--exclude='./build-[!a]*' .) | (cd "$copy" && tar -xf -)
mkdir "$copy/build"
# only unpacked, and checked by apt-get as they came
[ ! -d "$BUILD/sources" ] || cp -Rp "$BUILD/sources" "$copy/build/sources"
umask 027
if ! (cd "$copy" && env -u BUILD HOME="$again/home" TZ=Asia/Tokyo LC_ALL=C.UTF-8 \
	packaging/static.sh "$@") >"$again/log" 2>&1; then
	tail -n 20 "$again/log" >&2
	exit 1
fi
status=0
for file in "$copy"/dist/*; do
	name=$(basename "$file")
	if cmp "$file" "$top/dist/$name"; then
		echo "$(sha256sum <"$file" | cut -d ' ' -f 1)  $name: the same twice"
	else
		status=1
	fi
done
exit "$status"
