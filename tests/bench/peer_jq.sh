#!/bin/sh
# SPDX-License-Identifier: MIT
#
# peer_jq.sh OUTDIR FILE...
#
# The pipe that one finds in forum posts, written straight under the final
# name: no hash, not atomic, not durable.
set -eu
umask 077
out=$1
shift
for f; do
	name=${f##*/}
	jq -er .OsDiskEncryptionDetails.KeyBackupData "$f" |
		base64 -d >"$out/${name%.json}.blob"
done
