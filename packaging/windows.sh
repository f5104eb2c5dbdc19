#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/windows.sh: dist/cvmkey-VERSION-windows-x86_64.exe, one file that
# needs nothing but Windows: mingw-w64, and the libraries out of the
# distribution's sources.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
mkdir -p "$BUILD" "$top/dist"
BUILD=$(cd "$BUILD" && pwd)
version=$(sed -n 's/^AC_INIT(\[cvmkey\], \[\(.*\)\])$/\1/p' "$top/configure.ac")
build=$BUILD/windows-x86_64

HOST=x86_64-w64-mingw32
CC=$HOST-gcc
AR=$HOST-ar
export HOST CC AR

die() {
	printf 'windows: %s\n' "$*" >&2
	exit 1
}

# imports FILE: the names of the system's libraries it wants, in capitals.
imports() {
	$HOST-objdump -p "$1" | sed -n 's/^.*DLL Name: //p' | tr '[:lower:]' '[:upper:]'
}

"$top/packaging/sources.sh" "$BUILD/sources"
# of an earlier run, perhaps of another compiler or with other flags
rm -rf "$build"
CFLAGS=-O2 "$top/packaging/libraries.sh" "$BUILD/sources" "$build/prefix"
mkdir -p "$build/tree"
cd "$build/tree"
# its formats are those of Microsoft's printf to the compiler, though they are
# not: the other builds check them
PKG_CONFIG_LIBDIR=$build/prefix/lib/pkgconfig \
	"$top/configure" -q --enable-werror --host="$HOST" CC="$CC" AR="$AR" \
	CPPFLAGS="-I$build/prefix/include" \
	CFLAGS="-O2 -Wno-format -ffile-prefix-map=$top=." \
	LDFLAGS="-L$build/prefix/lib -static -s -Wl,--no-insert-timestamp"
make -s -j"$(getconf _NPROCESSORS_ONLN)" cvmkey.exe
out=$top/dist/cvmkey-$version-windows-x86_64.exe
# stripped by the linker: strip would put the time of day into it
cp cvmkey.exe "$out.new"
mv "$out.new" "$out"
for library in $(imports "$out"); do
	case $library in
	KERNEL32.DLL | MSVCRT.DLL | ADVAPI32.DLL | BCRYPT.DLL) ;;
	*) die "$out wants $library" ;;
	esac
done
echo "$out"
