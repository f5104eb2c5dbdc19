# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What packages say of the program is true of it.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

packaging=$srcdir/packaging

version=$(sed -n 's/^AC_INIT(\[cvmkey\], \[\(.*\)\])$/\1/p' "$srcdir/configure.ac")
equal "$(sed -n '1s/^cvmkey (\(.*\)-[0-9]*) .*/\1/p' "$packaging/debian/changelog")" \
	"$version" 'the version of the Debian package'
equal "$(sed -n 's/^Version: *//p' "$packaging/cvmkey.spec")" "$version" \
	'the version of the RPM package'
sed -n '/^%changelog/,$p' "$packaging/cvmkey.spec" | sed -n 2p | grep -q -- "- $version-[0-9]*\$"
ok $? 'and the first entry of its changelog'

# the module for KAPE: a command line that is taken
sed -n 's/^ *CommandLine: //p' "$packaging/cvmkey.mkape" |
	sed 's/%destinationDirectory%/out.d/; s/%sourceDirectory%/in.d/' >line
mkdir in.d
cp "$samples/good-vault-key.json" in.d/c.json
# shellcheck disable=SC2046 # words
run $(cat line)
expect 0 'the command line of the KAPE module'
[ -s out.d/c.blob ] && [ -s out.d/manifest.jsonl ] && [ -s out.d/SHA256SUMS ]
ok $? 'writes what it says'

# what configure looks for, packages need
for library in b64 cJSON minizip nettle zlib; do
	name=$(echo "$library" | tr '[:upper:]' '[:lower:]')
	grep -q "^ *lib$name-dev,\|^ *${name}[0-9a-z]*-dev" "$packaging/debian/control" &&
		grep -q "^BuildRequires: .*$name" "$packaging/cvmkey.spec"
	ok $? "both need $library to build"
done

done_testing
