#!/bin/sh
# Installs a .deb in a bare root of a Debian release, uses it as a person would, and
# removes it: the commands, every scenario, the window, and nothing left behind.
# As root: try-deb.sh SUITE FILE.deb PICTURE.png. Needs debootstrap and an X server's
# programs (xvfb, xdotool, imagemagick); MIRROR and SUITE's scripts are debootstrap's.
set -eu
suite=$1 deb=$(realpath "$2") picture=$(realpath -m "$3")
root=$(mktemp -d "${TMPDIR:-/tmp}/sealedroom-$suite.XXXXXX")
chmod 755 "$root"
display=:$((90 + $$ % 100))

debootstrap --variant=minbase "$suite" "$root" "${MIRROR:-http://deb.debian.org/debian}" >"$root.log" 2>&1 ||
	{ tail -3 "$root.log" >&2; exit 1; }
# The root becomes the file system's own, as on a machine: in a chroot the kernel refuses user namespaces.
cp "$deb" "$root/root/sealedroom.deb"
cp /etc/resolv.conf "$root/etc/"
Xvfb "$display" -screen 0 1440x900x24 >/dev/null 2>&1 &
xvfb=$!
trap 'kill $xvfb; rm -rf --one-file-system "$root" "$root.log"' EXIT
sleep 2
cat >"$root/root/inside.sh" <<'INSIDE'
set -eu
export DEBIAN_FRONTEND=noninteractive HOME=/root
cd /root
listing() { find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /tmp -o -path /root -o -path '/var/cache/*' -o -path '/var/lib/apt/*' -o -path '/var/log/*' -o -path '/var/lib/dpkg/*' -o -path /run \) -prune -o -print | sort; }
apt-get update -qq
depends=$(dpkg-deb -f sealedroom.deb Depends Recommends | sed 's/^[^:]*: //; s/([^)]*)//g; s/,/ /g' | tr '\n' ' ')
apt-get install -y -qq --no-install-recommends $depends >/dev/null
listing >before
apt-get install -y -qq --no-install-recommends ./sealedroom.deb >/dev/null
sealedroom version
sealedroom check | tail -n 2
echo '10+20' | sealedroom run -
printf 'for (;;) ;\n' >/root/loop.js
sealedroom /root/loop.js &
app=$!
sleep 8
touch opened
while [ ! -e shown ]; do sleep 0.2; done
kill $app
wait $app || true
apt-get purge -y -qq sealedroom >/dev/null
listing >after
diff before after && echo "$(. /etc/os-release && echo "$PRETTY_NAME"): nothing is left behind"
touch finished
INSIDE
unshare --mount --pid --fork --kill-child sh -ec '
	mount --make-rprivate /
	mount --bind "$0" "$0"
	cd "$0"
	mount -t proc proc proc
	mount --rbind /sys sys
	mount --rbind /dev dev
	mkdir -p tmp/.X11-unix old
	mount --bind /tmp/.X11-unix tmp/.X11-unix
	pivot_root . old
	umount -l old
	rmdir old
	DISPLAY='"$display"' exec sh /root/inside.sh' "$root" &
inside=$!
while [ ! -e "$root/root/opened" ]; do
	kill -0 $inside 2>/dev/null || { wait $inside; exit 1; }
	sleep 0.5
done
DISPLAY=$display xdotool key ctrl+Return
sleep 4
DISPLAY=$display import -window root "$picture"
touch "$root/root/shown"
wait $inside
test -e "$root/root/finished"
