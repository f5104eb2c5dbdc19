#!/bin/sh
# SPDX-License-Identifier: MIT
# packaging/sbom.sh FILE...: on standard output what is in these files of dist/,
# as SPDX 2.3 JSON: the sources of the libraries with their hashes, as they came
# from the distribution, and the archives of the C library and the compiler that
# each file has in it. SOURCE_DATE_EPOCH is when.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
: "${BUILD:=$top/build}"
version=$(sed -n 's/^AC_INIT(\[cvmkey\], \[\(.*\)\])$/\1/p' "$top/configure.ac")
: "${SOURCE_DATE_EPOCH:?}"

licence_of() {
	case $1 in
	cjson | cvmkey | musl) echo MIT ;;
	libb64) echo LicenseRef-public-domain ;;
	zlib | minizip) echo Zlib ;;
	nettle) echo 'LGPL-3.0-or-later OR GPL-2.0-or-later' ;;
	mingw-w64) echo ZPL-2.1 ;;
	gcc*) echo 'GPL-3.0-or-later WITH GCC-exception-3.1' ;;
	esac
}

distribution=$(sed -n 's/^ID=//p' /etc/os-release)

# library NAME VERSION FILE [SYSTEM]: one package of the list; what is there for
# one system only is in the files for that.
library() {
	jq -n --arg name "$1" --arg version "$2" --arg licence "$(licence_of "$1")" \
		--arg sum "$(sha256sum <"$3" | cut -d ' ' -f 1)" \
		--arg file "$(basename "$3")" --arg of "${4-}" --arg by "$distribution" '{
		SPDXID: ("SPDXRef-\($name)\(if $of == "" then "" else "-\($of)" end)" |
			gsub("_"; "-")),
		of: $of, name: $name, versionInfo: $version,
		packageFileName: $file, downloadLocation: "NOASSERTION",
		filesAnalyzed: false, licenseConcluded: $licence,
		licenseDeclared: $licence, copyrightText: "NOASSERTION",
		checksums: [{algorithm: "SHA256", checksumValue: $sum}],
		externalRefs: [{referenceCategory: "PACKAGE-MANAGER",
			referenceType: "purl",
			referenceLocator: "pkg:deb/\($by)/\($name)@\($version | @uri)?arch=source"}]}'
}

# runtime SYSTEM FILE: one of the archives that a compiler for it brings.
runtime() {
	package=$(dpkg -S "$(realpath "$2")" | sed 's/: .*//')
	library "$(dpkg-query -W -f='${source:Package}' "$package")" \
		"$(dpkg-query -W -f='${source:Version}' "$package")" "$2" "$1"
}

libraries() {
	for dsc in "$BUILD"/sources/*.dsc; do
		name=$(sed -n 's/^Source: //p' "$dsc")
		library "$name" "$(sed -n 's/^Version: //p' "$dsc")" \
			"$(find "$BUILD/sources" -name "${name}_*.orig.tar.*" ! -name "*.asc")"
	done
	arm=$BUILD/static-aarch64/musl
	runtime linux-x86_64 /usr/lib/x86_64-linux-musl/libc.a
	runtime linux-x86_64 "$(gcc -print-libgcc-file-name)"
	library musl "$(dpkg-deb -f "$arm"/musl-dev_*.deb Version)" \
		"$arm/usr/lib/aarch64-linux-musl/libc.a" linux-aarch64
	runtime linux-aarch64 "$(aarch64-linux-gnu-gcc -print-libgcc-file-name)"
	for archive in libmingwex.a libgcc.a; do
		runtime windows-x86_64 "$(x86_64-w64-mingw32-gcc -print-file-name=$archive)"
	done
}

# what is made, and the hash of it
products() {
	for file; do
		jq -n --arg name "$(basename "$file")" --arg version "$version" \
			--arg sum "$(sha256sum <"$file" | cut -d ' ' -f 1)" '{
			SPDXID: "SPDXRef-\($name | gsub("_"; "-"))",
			name: "cvmkey", versionInfo: $version, packageFileName: $name,
			downloadLocation: "NOASSERTION", filesAnalyzed: false,
			licenseConcluded: "MIT", licenseDeclared: "MIT",
			copyrightText: "2026 The cvmkey authors",
			primaryPackagePurpose: "APPLICATION",
			checksums: [{algorithm: "SHA256", checksumValue: $sum}]}'
	done
}

libraries=$(libraries | jq -s .)
products=$(products "$@" | jq -s .)
jq -n --argjson libraries "$libraries" --argjson products "$products" \
	--arg version "$version" \
	--arg created "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)" '{
	spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT",
	name: "cvmkey-\($version)",
	documentNamespace: "https://spdx.org/spdxdocs/cvmkey-\($version)-\($products[0].checksums[0].checksumValue)",
	creationInfo: {created: $created, creators: ["Tool: packaging/sbom.sh"]},
	packages: ($products + ($libraries | map(del(.of)))),
	hasExtractedLicensingInfos: [{licenseId: "LicenseRef-public-domain",
		name: "public domain",
		extractedText: "libb64 is in the public domain, says its LICENSE."}],
	relationships: ([$products[] | {spdxElementId: "SPDXRef-DOCUMENT",
			relationshipType: "DESCRIBES", relatedSpdxElement: .SPDXID}] +
		[$products[] as $p | $libraries[] | .of as $of |
			select($p.packageFileName | contains($of)) | {spdxElementId: $p.SPDXID,
			relationshipType: "STATIC_LINK", relatedSpdxElement: .SPDXID}])}'
