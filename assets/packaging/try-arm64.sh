#!/bin/sh
# Runs the arm64 program of a .tar.xz on another machine: its version, a result, a
# loop that is cut off and a heap that reaches its limit. Needs arm64 programs to
# start here (Debian: qemu-user-binfmt, and libc6:arm64 with the app's libraries).
# QEMU before version 8 takes minutes and gigabytes for V8's reservation of a terabyte.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xJf "$1"
program=$work/sealedroom/usr/bin/sealedroom

expect() {
	want=$1 code=$2
	shift 2
	got=$(printf '%s' "$code" | "$program" run --json "$@" - | sed -n 's/^ *"outcome": *"\([^"]*\)".*/\1/p')
	echo "$code: $got"
	[ "$got" = "$want" ] || { echo "try-arm64: want $want" >&2 && exit 1; }
}
"$program" version
expect ok '10 + 20'
expect timeout 'for (;;) ;'
expect exceededMemory 'const kept = []; for (;;) kept.push(new Array(1000).fill(0))' --wall 60s --memory 32MB
