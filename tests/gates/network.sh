# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# Neither the program nor a library it needs can name a network function; nor
# can it those of cJSON and zlib that have had flaws.
# shellcheck source=tests/cli/lib.sh
. "${srcdir:-.}/tests/cli/lib.sh"

if [ "${sanitized:-no}" = yes ]; then
	skip 'no network function is called' 'the runtime of sanitizers has some'
	done_testing
fi
if ! command -v nm >/dev/null || ! command -v readelf >/dev/null; then
	skip 'no network function is called' 'nm and readelf are missing'
	done_testing
fi

network='socket|socketpair|connect|bind|listen|accept4?|shutdown
	send|sendto|sendm?msg|recv|recvfrom|recvm?msg|[gs]etsockopt
	get(sock|peer|host|domain)name|getaddrinfo|getnameinfo|gethostby.*
	getservby.*|getprotoby.*|getnetby.*|inet_.*|(__)?res_.*|ns_.*|if_.*
	getpw.*|getgr.*|initgroups|openlog|syslog|vsyslog
	io_uring_.*|dlopen|dlsym'
programs='exec.*|fexecve|system|popen|posix_spawnp?|v?fork|ptrace'
flawed='cJSON_(Compare|Minify|Set.*|Insert.*|Duplicate.*)|cJSONUtils_.*
	cJSON_Parse|cJSON_ParseWithOpts|inflateGetHeader|gz[a-z]+'

# names FILE WORDS: the functions that FILE takes from elsewhere and that match.
names() {
	nm -D --undefined-only "$1" 2>/dev/null |
		awk '{ sub(/@.*/, "", $NF); print $NF }' |
		grep -xE "$(printf %s "$2" | tr -s '\n\t' '||')"
}

# a program that does all of it is found out
cat >worst.c <<'EOF'
#include <cjson/cJSON.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
int main(void)
{
    struct addrinfo *a;
    return getaddrinfo("a", "b", NULL, &a) + socket(AF_INET, SOCK_STREAM, 0) +
           system("true") + cJSON_Compare(NULL, NULL, 1);
}
EOF
# shellcheck disable=SC2086,SC2154 # words, set by make
if [ -n "${libs:-}" ] && ${CC:-cc} worst.c -o worst $libs >out 2>&1; then
	equal "$(names worst "$network" | tr '\n' ' ')$(names worst "$programs")\
 $(names worst "$flawed")" 'getaddrinfo socket system cJSON_Compare' \
		'what is looked for can be found'
else
	skip 'what is looked for can be found' 'nothing can be built here'
fi

readelf -d "$cvmkey" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' >needed
if [ ! -s needed ]; then
	# linked statically: nothing of it may have come along
	nm "$cvmkey" | awk '$2 ~ /[TtWw]/ { print $3 }' |
		grep -xE 'socket|connect|getaddrinfo|gethostbyname|execvpe?|system' >out
	[ ! -s out ] && [ "$(nm "$cvmkey" | wc -l)" -gt 100 ]
	ok $? 'no network function is part of the program'
	done_testing
fi

names "$cvmkey" "$network" >out
[ ! -s out ]
ok $? 'the program calls no network function, and opens no library'
names "$cvmkey" "$programs" >out
[ ! -s out ]
ok $? 'it starts no other program'
names "$cvmkey" "$flawed" >out
[ ! -s out ]
ok $? 'it calls no function of cJSON or zlib that it promised not to'
[ "$(nm -D --undefined-only "$cvmkey" | grep -c 'cJSON_\|inflate')" -ge 3 ]
ok $? 'though it calls others'

# libc has network functions; who needs them has to name them
allowed='libc\.so\..*|libm\.so\..*|libcjson\.so\..*|libb64\.so\..*|libz\.so\..*
	libminizip\.so\..*|libnettle\.so\..*|libgcc_s\.so\..*|ld-linux.*|libgcov.*'
allowed=$(printf %s "$allowed" | tr -s '\n\t' '||')
grep -vxE "$allowed" needed >out
[ ! -s out ]
ok $? "it needs no library but these: $(tr '\n' ' ' <needed)"
ldd "$cvmkey" | awk '$2 == "=>" { print $1, $3 }' >loaded
cut -d' ' -f1 loaded | grep -vxE "$allowed" >out
[ ! -s out ] && [ "$(wc -l <loaded)" -ge "$(wc -l <needed)" ]
ok $? 'nor do these'
while read -r name path; do
	case $name in libc.so.* | ld-linux*) continue ;; esac
	names "$path" "$network" >out
	[ ! -s out ]
	ok $? "$name calls no network function"
done <loaded

done_testing
