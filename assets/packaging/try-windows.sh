#!/bin/sh
# Runs under Wine the tests of what Windows has of its own and what needs no V8: a
# worker's start, pipes, job and walls, the encrypted database. Wine holds almost
# nothing that Windows would, so it shows that the calls are right and that no wall
# is named for nothing. Needs (Debian): wine64, and gcc-mingw-w64-x86-64 for Wine 8.
set -eu
cd "$(dirname "$0")/../.."
GO=${GO:-go}
wine=$(command -v wine64 || command -v wine || echo /usr/lib/wine/wine64)
work=$(mktemp -d)
trap 'WINEPREFIX=$work/prefix "$(dirname "$wine")/wineserver" -k >/dev/null 2>&1 || :; rm -rf "$work"' EXIT
export WINEPREFIX="$work/prefix" WINEDEBUG=-all DISPLAY=
"$wine" wineboot -i >/dev/null 2>&1
system32=$WINEPREFIX/drive_c/windows/system32
if ! [ -e "$system32/bcryptprimitives.dll" ]; then # Go asks it for random numbers
	cat >"$work/random.c" <<-'END'
		#include <windows.h>
		BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
		__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE to, SIZE_T n) { return SystemFunction036(to, (ULONG)n); }
	END
	x86_64-w64-mingw32-gcc -shared -o "$system32/bcryptprimitives.dll" "$work/random.c" -ladvapi32
fi
for package in engine/confine engine/host engine/wire engine/bridge/db; do
	CGO_ENABLED=0 GOOS=windows $GO test -c -o "$work/test.exe" "./$package"
	echo "== $package"
	(cd "$package" && "$wine" "$work/test.exe" -test.short -test.v -test.timeout 5m) || exit 1
done
