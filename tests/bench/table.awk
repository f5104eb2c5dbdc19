# SPDX-License-Identifier: MIT
# awk -f table.awk RUNS ROWS: the table of what was measured.
#
# RUNS are lines of measure; ROWS say what to make of them, TAB between:
#
#   ratio  WHAT LE|GE TARGET A B   A against B for LE, B against A for GE,
#                                  each per file; A and B are GROUP/NAME
#   batch  WHAT GE TARGET DURABLE NOT FSYNC NONE
#                                  (FSYNC - NONE) against (DURABLE - NOT)
#   value  WHAT LE|GE TARGET VALUE one that was counted, not timed
#   none   WHAT TARGET REASON      cannot be measured here
#   why    GROUP/NAME REASON       there are no runs of that, because
#   head   TEXT
#
# An empty TARGET reports only. The ratio of the minima decides.

BEGIN {
	FS = "\t"
	wide = "%-58s %8s | %7s %7s %7s | %9s %9s | %9s %9s | %4s | %s\n"
}

# measured runs: wall and CPU time per file, in order of size
FILENAME == ARGV[1] {
	key = $1 "/" $2
	n[key]++
	insert(wall, key, n[key], $5 / $3)
	insert(cpu, key, n[key], ($6 + $7) / $3)
	next
}

FNR == 1 {
	printf wide, "", "", "ratio", "ratio", "ratio", "cvmkey", "us/file", \
		"other", "us/file", "", ""
	printf wide, "", "target", "min", "median", "CPU", "min", "median", \
		"min", "median", "runs", "met"
}

$1 == "head" { print "\n" $2 }
$1 == "why" { why[$2] = $3 }
$1 == "none" { line_none($2, $3, $4) }
$1 == "ratio" { line_ratio($2, $3, $4, $5, $6) }
$1 == "batch" { line_batch($2, $3, $4, $5, $6, $7, $8) }
$1 == "value" { line_value($2, $3, $4, $5) }

END {
	printf "\n%d met, %d not met, %d not measured\n", yes, no, unknown
}

function insert(list, key, count, value,    i) {
	for (i = count; i > 1 && list[key, i - 1] > value; i--)
		list[key, i] = list[key, i - 1]
	list[key, i] = value
}

function min(list, key) {
	return list[key, 1]
}

function median(list, key,    half) {
	half = int((n[key] + 1) / 2)
	return n[key] % 2 ? list[key, half] : (list[key, half] + list[key, half + 1]) / 2
}

function sign(op) {
	return op == "LE" ? "<=" : ">="
}

# the target as it is shown
function shown(op, target) {
	return target == "" ? "report" : sign(op) " " target
}

function verdict(op, target, value) {
	if (target == "")
		return "-"
	if (op == "LE" ? value <= target + 0 : value >= target + 0) {
		yes++
		return "yes"
	}
	no++
	return "NO"
}

function line_none(what, target, reason) {
	printf "%-58s %8s | not measured: %s\n", what, target, reason
	if (target != "report")
		unknown++
}

# prints the row for lack of runs, if any of these has none
function lacking(what, target, keys,    list, i, count) {
	count = split(keys, list, " ")
	for (i = 1; i <= count; i++) {
		if (list[i] in n)
			continue
		line_none(what, target, list[i] in why ? why[list[i]] : "no runs of " list[i])
		return 1
	}
	return 0
}

function quotient(a, b) {
	return b > 0 ? a / b : 1e9
}

function figure(x) {
	return x >= 1e6 ? "-" : sprintf(x < 10 ? "%.2f" : "%.1f", x)
}

function line_ratio(what, op, target, a, b,    r, m, c) {
	if (lacking(what, shown(op, target), a " " b))
		return
	r = quotient(min(wall, a), min(wall, b))
	m = quotient(median(wall, a), median(wall, b))
	c = quotient(min(cpu, a), min(cpu, b))
	if (op == "GE") {
		r = quotient(1, r)
		m = quotient(1, m)
		c = quotient(1, c)
	}
	printf wide, what, shown(op, target), figure(r), figure(m), figure(c), \
		figure(min(wall, a)), figure(median(wall, a)), \
		figure(min(wall, b)), figure(median(wall, b)), \
		n[a], verdict(op, target, r)
}

# What being durable costs, each against the same without.
function line_batch(what, op, target, durable, not_durable, fsync, none,    a, b, am, bm) {
	if (lacking(what, shown(op, target), durable " " not_durable " " fsync " " none))
		return
	a = min(wall, durable) - min(wall, not_durable)
	b = min(wall, fsync) - min(wall, none)
	am = median(wall, durable) - median(wall, not_durable)
	bm = median(wall, fsync) - median(wall, none)
	printf wide, what, shown(op, target), figure(quotient(b, a)), \
		figure(quotient(bm, am)), "-", figure(a), figure(am), figure(b), \
		figure(bm), n[durable], verdict(op, target, quotient(b, a))
}

function line_value(what, op, target, value) {
	if (value <= 0) {
		line_none(what, shown(op, target), "it counts to " value)
		return
	}
	printf wide, what, shown(op, target), value, "-", "-", "-", "-", "-", "-", "1", \
		verdict(op, target, value)
}
