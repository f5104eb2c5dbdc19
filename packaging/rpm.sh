#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/rpm.sh TARBALL: dist/cvmkey-VERSION-RELEASE.ARCH.rpm, built out of
# the tarball of make dist. On a system without a database of rpm, what it needs
# to build is there under other names.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
mkdir -p "$BUILD/rpm" "$top/dist"
work=$(cd "$BUILD/rpm" && pwd)
rm -rf "${work:?}"/*
mkdir "$work/SOURCES" "$work/tmp"
cp "$1" "$work/SOURCES/"
nodeps=
[ ! -e /etc/debian_version ] || nodeps=--nodeps
# the build id is of the debugging symbols, too; a package tells its optflags
CFLAGS="$(rpm --eval '%{optflags}') -ffile-prefix-map=$work=."
export CFLAGS
rpmlint "$top/packaging/cvmkey.spec"
rpmbuild -bb $nodeps --define "_topdir $work" --define "_tmppath $work/tmp" \
	--define '_buildhost reproducible' --define 'debug_package %{nil}' \
	--define 'use_source_date_epoch_as_buildtime 1' \
	--define 'clamp_mtime_to_source_date_epoch 1' \
	"$top/packaging/cvmkey.spec" >"$work/log" 2>&1 || {
	tail -n 20 "$work/log" >&2
	exit 1
}
rpmlint -c "$top/packaging/rpmlint.toml" "$work"/RPMS/*/*.rpm
cp "$work"/RPMS/*/*.rpm "$top/dist/"
ls "$top"/dist/*.rpm
