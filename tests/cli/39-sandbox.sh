# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# What the kernel enforces while the program runs, seen from outside; and what
# is said where it does not.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

cp "$samples/good-vault-key.json" c.json
key_data c.json >expected

# Of a build that is without: it says so, and no run may require it.
if [ "${sandbox:-yes}" = no ] || [ "${sanitized:-no}" = yes ]; then
	run --version -v
	grep -q '^sandbox none: ' out
	ok $? 'a build without a sandbox says so'
	run extract --require-sandbox -d out.d c.json
	exits 3 sandbox.missing '--require-sandbox in such a build'
	absent out.d 'writes nothing'
	done_testing
fi

# ---- in force ---------------------------------------------------------------

# status_of ARGUMENT...: /proc/PID/status of a run that waits for its input.
status_of() {
	rm -f fifo && mkfifo fifo
	"$cvmkey" "$@" fifo >out 2>err &
	pid=$!
	tries=0
	until grep -q '^State:.*S (sleeping)' "/proc/$pid/status" 2>/dev/null &&
		[ "$(cat "/proc/$pid/comm")" = cvmkey ]; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || break
		sleep 0.05
	done
	cat "/proc/$pid/status" >status 2>/dev/null
	cat c.json >fifo
	wait "$pid"
	status=$?
	grep -qx 'Seccomp:[[:blank:]]*2' status && grep -qx 'NoNewPrivs:[[:blank:]]*1' status
	ok $? "Seccomp: 2, NoNewPrivs: 1 before the first byte is read: $*"
	expect 0 'and then it is read'
}

status_of show
status_of extract -d status.d
status_of show -j4 --json c.json

run --version -v
grep -q '^sandbox seccomp=on landlock=[a-z0-9()+]* nnp=1 cores=off' out
ok $? '--version -v says what is enforced'
said=$(sed -n 's/^sandbox //p' out)
run extract --require-sandbox -d out.d --manifest c.json
expect 0 '--require-sandbox'
silent err 'has nothing to say'
same out.d/c.blob expected 'and the blob is there'
equal "$(head -n 1 out.d/manifest.jsonl | jq -r .sandbox)" "$said" \
	'the record of the run says the same'
for command in show verify; do
	input=c.json
	[ $command = show ] || input=out.d/manifest.jsonl
	run $command --require-sandbox "$input"
	expect 0 "$command --require-sandbox"
done

# no privileges are needed
if am_root && cp "$cvmkey" ./program && chmod 755 . ./program &&
	setpriv --reuid=65534 --regid=65534 --clear-groups ./program --version \
		>/dev/null 2>&1; then
	mkdir -m 777 free
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups \
		./program extract --require-sandbox -d free/x c.json >out 2>err || status=$?
	expect 0 'an unprivileged user'
	same free/x/c.blob expected 'has the blob'
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups ./program -Vv >out 2>err
	equal "$(sed -n 's/^sandbox //p' out)" "$said" 'and the whole sandbox'
else
	skip 'an unprivileged user' 'nobody cannot run the program'
fi

# ---- what it must not get in the way of -------------------------------------

mkdir a b e
run extract -d new/deep/er --manifest=a/m --sums=b/s c.json
expect 0 'blob, manifest and sums in three places'
same new/deep/er/c.blob expected 'the blob'
[ -s a/m ] && [ -s b/s ]
ok $? 'manifest and sums'
run extract -o e/c.blob --manifest --sums c.json
expect 0 '-o elsewhere, the others in the usual place'
same e/c.blob expected 'the blob'
[ -s manifest.jsonl ] && [ -s SHA256SUMS ]
ok $? 'manifest and sums'
run extract --force -o e/c.blob --manifest c.json
expect 0 '--force replaces them'
run extract -o /dev/null c.json
expect 0 '-o /dev/null'
run extract -d new/../up/down c.json
expect 0 'a way up and down'
same up/down/c.blob expected 'leads there'
run extract -d not/there/../../yet c.json
expect 0 'a way up from what is not there'
same yet/c.blob expected 'leads there'
"$cvmkey" extract -q -o /dev/stdout c.json 2>err </dev/null | cmp -s - expected
ok $? '-o /dev/stdout, a pipe'
"$cvmkey" extract -q -o /dev/stdout c.json >stdout.blob 2>err </dev/null
same stdout.blob expected '-o /dev/stdout, a file'

# ---- where the kernel refuses -----------------------------------------------

if ! command -v strace >/dev/null ||
	! strace -qq -o /dev/null true 2>/dev/null; then
	skip 'a kernel that refuses' 'strace cannot trace here'
	done_testing
fi

# refused ARGUMENT...: a run below a kernel without seccomp
refused() {
	status=0
	strace -f -qq -o log -e inject=seccomp,prctl:error=EINVAL \
		"$cvmkey" "$@" >out 2>err </dev/null || status=$?
}
refused extract --require-sandbox -d refused.d c.json
exits 3 sandbox.missing '--require-sandbox where the kernel refuses'
absent refused.d 'nothing is written'
silent out 'nothing is reported'
! grep -q 'c\.json' log || ! grep 'c\.json' log | grep -v execve | grep -q open
ok $? 'nothing is read'
lacks err Success 'the reason is one'
refused extract -d refused.d --manifest c.json
expect 0 'without it the run goes on'
equal "$(grep -c '^cvmkey: warning: .* \[sandbox.missing\]$' err)" 1 \
	'with one warning'
same refused.d/c.blob expected 'the blob is there'
head -n 1 refused.d/manifest.jsonl | jq -r .sandbox | grep -q '^seccomp=off '
ok $? 'the record of the run says that it is off'
refused -Vv
grep -q '^sandbox seccomp=off .* nnp=0 cores=off' out
ok $? 'so does --version -v'
refused --help
silent err 'help needs no sandbox'

# older kernels, without Landlock
status=0
strace -f -qq -o log -e inject=landlock_create_ruleset:error=ENOSYS \
	"$cvmkey" extract --require-sandbox -d older.d c.json >out 2>err || status=$?
expect 0 'a kernel without Landlock'
silent err 'has all that is required'
status=0
strace -f -qq -o log -e inject=landlock_restrict_self:error=E2BIG \
	"$cvmkey" extract -d older.d -f c.json >out 2>err || status=$?
expect 0 'a process with too many limits already'

# sockets that the user connected
if command -v python3 >/dev/null; then
	cat >through.py <<'EOF'
import socket, subprocess, sys
ours, theirs = socket.socketpair()
other, kept = socket.socketpair()
kept.set_inheritable(True)
p = subprocess.run(sys.argv[1:], stdin=theirs, stdout=subprocess.PIPE,
                   stderr=subprocess.STDOUT, close_fds=False)
sys.stdout.buffer.write(p.stdout)
sys.exit(p.returncode)
EOF
	status=0
	python3 through.py "$cvmkey" show -v c.json >out 2>err || status=$?
	expect 0 'standard input is a socket'
	says out '[sandbox.socket]' 'which -v tells'
	python3 through.py "$cvmkey" show c.json >out 2>err
	lacks out '[sandbox.socket]' 'and nothing else'
	python3 through.py "$cvmkey" -Vv >out 2>err
	says out 'stdin=socket' 'but --version -v'
	python3 through.py strace -y -o log -e trace=close "$cvmkey" show c.json >out 2>err
	grep -q 'close([0-9]*<socket:' log
	ok $? 'a socket that was inherited is closed'
	! grep -q 'close([012]<socket:' log
	ok $? 'and standard input is not'
else
	skip 'sockets that were inherited' 'python3 is missing'
fi

# ---- nothing is ever tried --------------------------------------------------

# calls ARGUMENT...: network calls, io_uring and programs started in a run.
mkdir tree
cp "$samples"/good-* "$samples"/odd-* "$samples"/bad-* tree
tar -czf tree.tgz tree
calls() {
	strace -f -qq -o log -e trace=%network,io_uring_setup,execve,execveat \
		-e signal=none "$cvmkey" "$@" >out 2>err </dev/null
	grep -v 'exited with\|execve("[^"]*/cvmkey[^/"]*"' log >>tried
}
: >tried
calls extract -j2 -d all --manifest --sums --note=a=b tree tree.tgz
calls verify all/manifest.jsonl
calls extract --json -d again --force tree
calls show -j2 tree
calls show tree/good-vault-key.blob
calls show missing
calls --help
calls --version -v
calls frobnicate
[ ! -s tried ]
ok $? 'no command tries to use the network or start a program'
[ ! -s tried ] || sed 's/^/# /' tried

# the trace would show it, though the filter refuses
if [ -x "$builddir/tests/unit/test_sandbox" ]; then
	CK_RUN_CASE=calls strace -f -qq -o log -e trace=%network,io_uring_setup \
		"$builddir/tests/unit/test_sandbox" >out 2>err
	[ "$(grep -c ' EPERM ' log)" -ge 10 ]
	ok $? 'which the trace would show'
else
	skip 'which the trace would show' 'there are no unit tests'
fi

done_testing
