#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/static.sh ARCH...: dist/cvmkey-VERSION-linux-ARCH, one file that
# needs nothing of the system it runs on: musl, and the libraries out of the
# distribution's sources. ARCH is x86_64 or aarch64.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
mkdir -p "$BUILD" "$top/dist"
BUILD=$(cd "$BUILD" && pwd)
version=$(sed -n 's/^AC_INIT(\[cvmkey\], \[\(.*\)\])$/\1/p' "$top/configure.ac")

die() {
	printf 'static: %s\n' "$*" >&2
	exit 1
}

# musl_of_arm: its files for aarch64, which the distribution has only as a
# package of that architecture, unpacked below the build.
musl_of_arm() {
	root=$BUILD/static-aarch64/musl
	[ ! -f "$root/usr/lib/aarch64-linux-musl/libc.a" ] || return 0
	mkdir -p "$root/apt/lists/partial" "$root/apt/cache/archives/partial"
	: >"$root/apt/status"
	set -- -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 \
		-o Dir::State="$root/apt" -o Dir::State::Lists="$root/apt/lists" \
		-o Dir::State::status="$root/apt/status" \
		-o Dir::Cache="$root/apt/cache" -o APT::Sandbox::User=root
	apt-get "$@" update >"$root/apt/log" 2>&1 || :
	(cd "$root" && apt-get "$@" download musl-dev >>apt/log 2>&1) ||
		die "no musl-dev for arm64: see $root/apt/log"
	dpkg-deb -x "$root"/musl-dev_*_arm64.deb "$root"
}

# compiler ARCH: sets HOST, CC, AR and STRIP.
compiler() {
	case $1 in
	x86_64)
		HOST=x86_64-linux-musl
		CC=musl-gcc
		AR=ar STRIP=strip
		;;
	aarch64)
		musl_of_arm
		lib=$root/usr/lib/aarch64-linux-musl
		HOST=aarch64-linux-musl
		sed "s,/usr/lib/aarch64-linux-musl,$lib,g
			s,/usr/include/aarch64-linux-musl,$root/usr/include/aarch64-linux-musl,g" \
			"$lib/musl-gcc.specs" >"$root/gcc.specs"
		CC="aarch64-linux-gnu-gcc -specs $root/gcc.specs"
		AR=aarch64-linux-gnu-ar STRIP=aarch64-linux-gnu-strip
		;;
	*) die "x86_64 or aarch64, not $1" ;;
	esac
	export HOST CC AR STRIP
}

"$top/packaging/sources.sh" "$BUILD/sources"
for arch; do
	build=$BUILD/static-$arch
	compiler "$arch"
	CFLAGS=-O2 "$top/packaging/libraries.sh" "$BUILD/sources" "$build/prefix"
	mkdir -p "$build/tree"
	cd "$build/tree"
	[ -f Makefile ] || PKG_CONFIG_LIBDIR=$build/prefix/lib/pkgconfig \
		"$top/configure" -q --host="$HOST" CC="$CC" AR="$AR" \
		CPPFLAGS="-I$build/prefix/include" \
		CFLAGS="-O2 -ffile-prefix-map=$top=." \
		LDFLAGS="-L$build/prefix/lib -static -no-pie -Wl,--build-id=none"
	make -s all
	out=$top/dist/cvmkey-$version-linux-$arch
	$STRIP -o "$out.new" cvmkey
	mv "$out.new" "$out"
	! readelf -l "$out" | grep -q INTERP || die "$out wants a loader"
	echo "$out"
done
