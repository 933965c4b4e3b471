package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const base = "https://example.org/releases/v0"

// releaseOf makes a checkout whose dist has the files of these keys, and returns its
// folder and the version.
func releaseOf(t *testing.T, keys ...string) (root, version string) {
	t.Helper()
	root = t.TempDir()
	version, err := release("../../../FyneApp.toml")
	must(t, err)
	for _, path := range []string{"FyneApp.toml", "assets/packaging"} {
		from, err := filepath.Abs(filepath.Join("../../..", path))
		must(t, err)
		to := filepath.Join(root, path)
		must(t, os.MkdirAll(filepath.Dir(to), 0o755))
		if path == "FyneApp.toml" {
			text, err := os.ReadFile(from)
			must(t, err)
			must(t, os.WriteFile(to, text, 0o644))
			continue
		}
		must(t, os.CopyFS(to, os.DirFS(from)))
	}
	must(t, os.Mkdir(filepath.Join(root, "dist"), 0o755))
	var sums strings.Builder
	for i, key := range keys {
		fmt.Fprintf(&sums, "%064x  sealedroom-%s-%s\n", i+0xa0, version, suffixes[key])
	}
	must(t, os.WriteFile(filepath.Join(root, "dist", "SHA256SUMS"), []byte(sums.String()), 0o644))
	return root, version
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func readYAML(t *testing.T, root, name string) map[string]any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "dist", "manifests", name))
	must(t, err)
	out := map[string]any{}
	if err := yaml.UnmarshalWithOptions(text, &out, yaml.Strict()); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// at follows keys and indexes into what YAML gave.
func at(t *testing.T, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, ok := value.(map[string]any)
			if !ok || m[step] == nil {
				t.Fatalf("%v: no %q in %v", path, step, value)
			}
			value = m[step]
		case int:
			list, ok := value.([]any)
			if !ok || len(list) <= step {
				t.Fatalf("%v: no item %d in %v", path, step, value)
			}
			value = list[step]
		}
	}
	return value
}

func want(t *testing.T, got any, want string) {
	t.Helper()
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestFlatpak(t *testing.T) {
	root, version := releaseOf(t, "LinuxAMD64", "LinuxARM64")
	must(t, write(root, base+"/", "https://example.org"))
	m := readYAML(t, root, "io.sealedroom.app.yaml")
	want(t, at(t, m, "id"), "io.sealedroom.app")
	want(t, at(t, m, "command"), "sealedroom")
	for _, key := range []string{"runtime", "runtime-version", "sdk"} {
		at(t, m, key)
	}
	for _, argument := range at(t, m, "finish-args").([]any) {
		if argument == "--share=network" || argument == "--filesystem=host" {
			t.Errorf("the app asks for %v and needs no such thing", argument)
		}
	}
	for i, arch := range []string{"amd64", "arm64"} {
		source := at(t, m, "modules", 0, "sources", i)
		want(t, at(t, source, "url"), base+"/sealedroom-"+version+"-linux-"+arch+".tar.xz")
		want(t, at(t, source, "sha256"), fmt.Sprintf("%064x", i+0xa0))
	}
}

func TestWinget(t *testing.T) {
	root, version := releaseOf(t, "WindowsAMD64")
	must(t, write(root, base, "https://example.org"))
	types := map[string]string{"": "version", ".installer": "installer", ".locale.en-US": "defaultLocale"}
	for part, kind := range types {
		m := readYAML(t, root, "SealedRoom.SealedRoom"+part+".yaml")
		want(t, at(t, m, "PackageIdentifier"), "SealedRoom.SealedRoom")
		want(t, at(t, m, "PackageVersion"), version)
		want(t, at(t, m, "ManifestType"), kind)
		want(t, at(t, m, "ManifestVersion"), "1.10.0")
	}
	installer := at(t, readYAML(t, root, "SealedRoom.SealedRoom.installer.yaml"), "Installers", 0)
	want(t, at(t, installer, "InstallerSha256"), strings.ToUpper(fmt.Sprintf("%064x", 0xa0)))
	want(t, at(t, installer, "InstallerUrl"), base+"/sealedroom-"+version+"-windows-amd64-setup.exe")
	for _, key := range []string{"Publisher", "PackageName", "License", "ShortDescription"} {
		at(t, readYAML(t, root, "SealedRoom.SealedRoom.locale.en-US.yaml"), key)
	}
}

func TestCask(t *testing.T) {
	root, version := releaseOf(t, "MacARM64", "MacAMD64")
	must(t, write(root, base, "https://example.org"))
	path := filepath.Join(root, "dist", "manifests", "sealed-room.rb")
	text, err := os.ReadFile(path)
	must(t, err)
	for _, line := range []string{`version "` + version + `"`, fmt.Sprintf(`arm:   "%064x"`, 0xa0), fmt.Sprintf(`intel: "%064x"`, 0xa1), `url "` + base + `/sealedroom-#{version}-macos-#{arch}.dmg"`} {
		if !strings.Contains(string(text), line) {
			t.Errorf("no %s in\n%s", line, text)
		}
	}
	ruby, err := exec.LookPath("ruby")
	if err != nil {
		t.Skip("no ruby here to parse it")
	}
	if out, err := exec.Command(ruby, "-c", path).CombinedOutput(); err != nil {
		t.Errorf("ruby -c: %v: %s", err, out)
	}
}

// TestNoPackage: a release without a package has no manifest, and no old one either.
func TestNoPackage(t *testing.T) {
	root, _ := releaseOf(t, "WindowsAMD64")
	must(t, write(root, base, "https://example.org"))
	if _, err := os.Stat(filepath.Join(root, "dist", "manifests", "sealed-room.rb")); err == nil {
		t.Error("a cask without a .dmg")
	}
	must(t, os.WriteFile(filepath.Join(root, "dist", "SHA256SUMS"), nil, 0o644))
	if err := write(root, base, "https://example.org"); err == nil {
		t.Error("no package, and no error")
	}
	if _, err := os.Stat(filepath.Join(root, "dist", "manifests", "SealedRoom.SealedRoom.yaml")); err == nil {
		t.Error("a manifest of an earlier release stays")
	}
}

func TestRefusesAddresses(t *testing.T) {
	root, _ := releaseOf(t, "WindowsAMD64")
	for _, address := range []string{"", "http://example.org", "example.org", `https://example.org/"x`, "https://example.org/#{x}"} {
		if write(root, address, "https://example.org") == nil {
			t.Errorf("%q was taken for an address", address)
		}
	}
}
