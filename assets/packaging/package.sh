#!/bin/sh
# Makes the Linux packages of this checkout in dist/: .tar.xz, .deb and .rpm, and
# SHA256SUMS. Two runs on one commit give the same bytes. ARCH=arm64 cross-builds
# (Debian, after dpkg --add-architecture arm64: g++-aarch64-linux-gnu, and with :arm64
# libgl1-mesa-dev libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev
# libxxf86vm-dev libwayland-dev libxkbcommon-dev).
set -eu
cd "$(dirname "$0")/../.."
GO=${GO:-go}
ARCH=${ARCH:-$($GO env GOARCH)}
NFPM="env CGO_ENABLED=0 $GO run github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2"

case $ARCH in
amd64) ;;
arm64)
	if [ "$($GO env GOHOSTARCH)" != arm64 ]; then
		export CC=aarch64-linux-gnu-gcc CXX=aarch64-linux-gnu-g++
		export PKG_CONFIG_LIBDIR=/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig
	fi
	;;
*) echo "package: ARCH=$ARCH: there is a V8 for amd64 and arm64 only" >&2 && exit 2 ;;
esac

# A tagged commit is the version; any other comes before the next one.
version=$(sed -n 's/^Version = "\(.*\)"/\1/p' FyneApp.toml)
commit=$(git rev-parse --short=8 HEAD)
SOURCE_DATE_EPOCH=$(git show -s --format=%ct HEAD)
export SOURCE_DATE_EPOCH
if ! git describe --exact-match --tags --match "v$version" HEAD >/dev/null 2>&1; then
	version="$version~git$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d).$commit"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TREE=$work/sealedroom
doc=$TREE/usr/share/doc/sealedroom
put() { install -D -m "$1" "$2" "$TREE/usr/$3"; }

CGO_ENABLED=1 GOARCH=$ARCH $GO build -buildvcs=true -trimpath -ldflags '-s -w -buildid=' -o "$work/program" .
put 755 "$work/program" bin/sealedroom
put 644 assets/packaging/io.sealedroom.app.desktop share/applications/io.sealedroom.app.desktop
put 644 assets/packaging/io.sealedroom.app.xml share/mime/packages/io.sealedroom.app.xml
put 644 assets/packaging/io.sealedroom.app.metainfo.xml share/metainfo/io.sealedroom.app.metainfo.xml
put 644 assets/icon.png share/icons/hicolor/512x512/apps/io.sealedroom.app.png
put 644 assets/icon.svg share/icons/hicolor/scalable/apps/io.sealedroom.app.svg
put 644 LICENSE share/doc/sealedroom/copyright
CGO_ENABLED=0 $GO run ./assets/packaging/notices "$work/program" assets/packaging/v8-licenses.txt | gzip -9n >"$doc/THIRD-PARTY.gz"
cat >"$TREE/README" <<END
Sealed Room $version for Linux $ARCH.
Run usr/bin/sealedroom from here, or copy usr into /usr/local:
  sudo cp -r usr/* /usr/local/
The licenses of what it is made from are in usr/share/doc/sealedroom.
END
find "$TREE" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
find "$TREE" -type d -exec chmod 755 {} +

mkdir -p dist
name=sealedroom-$version-linux-$ARCH
find dist -name "sealedroom-*-linux-$ARCH.*" -delete
tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -cf - sealedroom | xz -T1 -9 >"dist/$name.tar.xz"
export ARCH TREE VERSION="$version"
for kind in deb rpm; do
	$NFPM package -f assets/packaging/nfpm.yaml -p "$kind" -t "dist/$name.$kind"
done
(cd dist && sha256sum -- "sealedroom-$version"-* >SHA256SUMS)
ls -l dist
