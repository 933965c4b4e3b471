# What people type: make run, make test. Both do all the set-up that is missing.
# Afterwards plain `go run .`, `go build` and `go test ./...` work too.

GO ?= go
export PATH := $(PATH):/usr/local/go/bin
PEERS ?=

# What needs no C compiler for another system, tests included.
PORTABLE = ./assets ./engine/advice ./engine/bench ./engine/bridge/... ./engine/confine ./engine/host ./engine/hostcode \
	./engine/hosts ./engine/invisible ./engine/precise ./engine/typescript ./engine/wire ./inspector ./inspector/recording ./presets/textfile

.PHONY: run test bench deps build cli screenshots package package-macos manifests test-windows

run: deps
	$(GO) run .

test: deps
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@for os in darwin windows; do echo "GOOS=$$os $(GO) vet"; CGO_ENABLED=0 GOOS=$$os $(GO) vet $(PORTABLE) && \
		CGO_ENABLED=0 GOOS=$$os $(GO) build ./engine ./presets ./ui/cli || exit 1; done
	$(GO) run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
	$(GO) test -timeout 30m ./...
	$(GO) test -race -timeout 30m ./engine/... ./inspector/...

# Beside isolated-vm with PEERS=DIR, after: npm install --prefix DIR node@24 isolated-vm@7
bench: deps
	$(GO) test -run '^$$' -bench . -benchtime 200x ./...
	$(GO) run . bench $(if $(PEERS),--peers $(PEERS))

build: deps
	$(GO) build -trimpath -o sealedroom .

# The commands without a window, for a machine without OpenGL.
cli: deps
	$(GO) build -trimpath -o sealedroom ./ui/cli/sealedroom

deps:
	@sh .ci/deps

# The README's pictures: the real window, drawn without a display.
screenshots: deps
	$(GO) run . snapshot --size 1280x800 --out assets/window-dark.png
	$(GO) run . snapshot --size 1280x800 --out assets/window-light.png --theme light
	$(GO) run . snapshot --size 1440x900 --scenario rob-the-vault --out assets/lesson-dark.png

# Linux packages in dist/: .tar.xz, .deb, .rpm. ARCH=arm64 cross-builds.
package: deps
	GO=$(GO) ARCH=$(ARCH) sh assets/packaging/package.sh

# On a Mac only: an unsigned .app in a .dmg.
FYNE = $(GO) run fyne.io/tools/cmd/fyne@v1.7.4

package-macos: build
	mkdir -p dist/app
	$(FYNE) package --target darwin --executable ./sealedroom --release
	mv "Sealed Room.app" dist/app/
	codesign --force --deep --sign - "dist/app/Sealed Room.app"
	version=$$(sed -n 's/^Version = "\(.*\)"/\1/p' FyneApp.toml) && \
	hdiutil create -volname "Sealed Room" -srcfolder dist/app -ov -format UDZO dist/sealedroom-$$version-macos-$$(uname -m).dmg
	rm -r dist/app
	cd dist && shasum -a 256 sealedroom-*.dmg >>SHA256SUMS

# Under Wine: what Windows has of its own and what needs no V8.
test-windows:
	GO=$(GO) sh assets/packaging/try-windows.sh

# For Flatpak, Homebrew and winget, of what dist/ holds of a release:
# make manifests BASE=https://… HOMEPAGE=https://…
manifests:
	$(GO) run ./assets/packaging/manifests --base "$(BASE)" --homepage "$(HOMEPAGE)"
