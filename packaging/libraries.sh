#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/libraries.sh SOURCES PREFIX: builds the libraries out of SOURCES as
# archives, for programs that carry all they need. HOST, CC, AR and CFLAGS say
# for which system; what is there already is left alone.
set -eu

sources=$(cd "$1" && pwd)
mkdir -p "$2/include" "$2/lib/pkgconfig"
prefix=$(cd "$2" && pwd)
: "${CC:=cc}" "${AR:=ar}" "${HOST:=}"
# the same bytes wherever it is built
CFLAGS="${CFLAGS:--O2} -ffile-prefix-map=$sources=sources"
work=$prefix/work
mkdir -p "$work"

# tree SOURCE
tree() {
	for d in "$sources/$1"-[0-9]*/; do
		echo "${d%/}"
	done
}

# archive NAME FLAGS FILE...: lib/libNAME.a of these sources.
archive() {
	name=$1
	flags=$2
	shift 2
	rm -f "$work"/*.o
	for file; do
		# shellcheck disable=SC2086 # flags are words
		(cd "$work" && $CC $CFLAGS $flags -c "$file")
	done
	rm -f "$prefix/lib/lib$name.a"
	(cd "$work" && $AR rcsD "$prefix/lib/lib$name.a" ./*.o)
}

# describe NAME VERSION FLAGS: its .pc file.
describe() {
	cat >"$prefix/lib/pkgconfig/$1.pc" <<END
prefix=$prefix
Name: $1
Description: $1 as an archive
Version: $2
Cflags: -I\${prefix}/include
Libs: -L\${prefix}/lib $3
END
}

version_of() {
	basename "$1" | sed 's/^[a-z0-9]*-//; s/[^0-9.]*$//; s/\.$//'
}

build_cjson() {
	t=$(tree cjson)
	mkdir -p "$prefix/include/cjson"
	cp "$t/cJSON.h" "$prefix/include/cjson/"
	archive cjson '' "$t/cJSON.c"
	describe libcjson "$(version_of "$t")" -lcjson
}

# It takes char for signed; what it is given does not depend on it.
build_b64() {
	t=$(tree libb64)
	mkdir -p "$prefix/include/b64"
	cp "$t"/include/b64/c*code.h "$prefix/include/b64/"
	archive b64 "-fsigned-char -I$t/include" "$t/src/cdecode.c"
}

build_zlib() {
	t=$(tree zlib)
	cp "$t/zlib.h" "$prefix/include/"
	cp "$t/zconf.h" "$prefix/include/"
	archive z '' "$t/adler32.c" "$t/crc32.c" "$t/inffast.c" \
		"$t/inflate.c" "$t/inftrees.c" "$t/zutil.c"
	describe zlib "$(version_of "$t")" -lz
}

build_minizip() {
	t=$(tree minizip)
	mkdir -p "$prefix/include/minizip"
	cp "$t/unzip.h" "$t/ioapi.h" "$prefix/include/minizip/"
	archive minizip "-I$prefix/include -DNOUNCRYPT" "$t/unzip.c" "$t/ioapi.c"
	describe minizip "$(version_of "$t")" '-lminizip -lz'
}

# Its own build chooses the assembly, and at run time what the processor has.
build_nettle() {
	t=$(tree nettle)
	rm -rf "$work/nettle"
	mkdir "$work/nettle"
	(cd "$work/nettle" && "$t/configure" ${HOST:+--host="$HOST"} \
		CC="$CC" AR="$AR" CFLAGS="$CFLAGS -ffile-prefix-map=$work=work" \
		--prefix="$prefix" --libdir="$prefix/lib" --enable-fat \
		--disable-shared --disable-public-key --disable-documentation \
		--disable-openssl &&
		make -s libnettle.a nettle.pc && make -s install-headers) \
		>"$work/nettle.log" 2>&1 || {
		tail -n 20 "$work/nettle.log" >&2
		exit 1
	}
	cp "$work/nettle/libnettle.a" "$prefix/lib/"
	cp "$work/nettle/nettle.pc" "$prefix/lib/pkgconfig/"
}

for library in cjson b64 zlib minizip nettle; do
	[ ! -f "$work/$library.built" ] || continue
	build_$library
	: >"$work/$library.built"
done
