#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/sources.sh DIR: the sources of the libraries, as the distribution
# patched them and at the versions its packages have here, unpacked in DIR. The
# list of where sources are is made from where this host got the packages.
set -eu

dir=$1
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)

die() {
	printf 'sources: %s\n' "$*" >&2
	exit 1
}

# source package, one of its binary packages that bootstrap installs, a file
wanted='
cjson libcjson-dev cJSON.c
libb64 libb64-dev src/cdecode.c
zlib zlib1g-dev inflate.c
minizip libminizip-dev unzip.c
nettle nettle-dev sha256.c
'

# have SOURCE FILE: the tree of that source, if it is unpacked.
have() {
	for tree in "$dir/$1"-[0-9]*/; do
		[ ! -f "$tree/$2" ] || return 0
	done
	return 1
}

# private_apt ARGUMENT...: apt-get that sees only our list.
private_apt() {
	apt-get -qq -o Dir::Etc::SourceList="$dir/apt/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State::Lists="$dir/apt/lists" \
		-o Dir::Cache="$dir/apt/cache" -o APT::Sandbox::User=root "$@"
}

# The lines of apt-cache policy that name archives: 500 URL SUITE/PART ARCH ...
make_list() {
	echo "$wanted" | while read -r source binary _; do
		[ -z "$source" ] || apt-cache policy "$binary"
	done | awk '$2 ~ /^(https?|file|copy|mirror)/ && $3 ~ "/" && $NF == "Packages" {
		split($3, part, "/")
		print "deb-src " key $2, part[1], part[2]
	}' key="$1" | sort -u
}

# Where an archive has lost the patches of libb64, upstream's own tree will do:
# it is given characters of the alphabet only, and what the patches mend are
# others.
unpack_upstream() {
	[ "$1" = libb64 ] || return 1
	for archive in "$dir"/libb64_*.orig.tar.*; do
		tar -xf "$archive" -C "$dir" || return 1
	done
}

missing=
for source in cjson libb64 zlib minizip nettle; do
	file=$(echo "$wanted" | awk -v s="$source" '$1 == s { print $3 }')
	have "$source" "$file" || missing="$missing $source"
done
[ -n "$missing" ] || exit 0

command -v apt-get >/dev/null || die 'this system has no apt-get'
mkdir -p "$dir/apt/lists/partial" "$dir/apt/cache/archives/partial"
key=
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ ! -f $keyring ] || key="[signed-by=$keyring] "
make_list "$key" >"$dir/apt/sources.list"
[ -s "$dir/apt/sources.list" ] || die 'apt-cache policy names no archive'
private_apt update >"$dir/apt/log" 2>&1 || die "see $dir/apt/log"
cd "$dir"
for source in $missing; do
	binary=$(echo "$wanted" | awk -v s="$source" '$1 == s { print $2 }')
	version=$(dpkg-query -W -f='${source:Version}' "$binary")
	private_apt source "$source=$version" >>apt/log 2>&1 ||
		unpack_upstream "$source" ||
		die "no source of $source $version: see $dir/apt/log"
done
for source in $missing; do
	file=$(echo "$wanted" | awk -v s="$source" '$1 == s { print $3 }')
	have "$source" "$file" || die "no $file in the source of $source"
done
