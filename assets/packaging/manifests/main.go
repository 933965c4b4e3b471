// Manifests writes what package managers read of a release: for Flatpak, Homebrew
// and winget, with the version of FyneApp.toml and the checksums of dist/SHA256SUMS.
// Files that the release lacks leave out the manifest that needs them.
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	"github.com/BurntSushi/toml"
)

// kinds lists the manifests: the template in assets/packaging, the file that it
// becomes in dist/manifests, and the release's files that it names.
var kinds = []struct {
	template, out string
	names         []string
}{
	{"io.sealedroom.app.flatpak.yaml", "io.sealedroom.app.yaml", []string{"LinuxAMD64", "LinuxARM64"}},
	{"sealed-room.cask.rb", "sealed-room.rb", []string{"MacARM64", "MacAMD64"}},
	{"winget.version.yaml", "SealedRoom.SealedRoom.yaml", []string{"WindowsAMD64"}},
	{"winget.installer.yaml", "SealedRoom.SealedRoom.installer.yaml", []string{"WindowsAMD64"}},
	{"winget.locale.yaml", "SealedRoom.SealedRoom.locale.en-US.yaml", []string{"WindowsAMD64"}},
}

// suffixes is how a release's files end, after the program's name and version.
var suffixes = map[string]string{
	"LinuxAMD64":   "linux-amd64.tar.xz",
	"LinuxARM64":   "linux-arm64.tar.xz",
	"MacARM64":     "macos-arm64.dmg",
	"MacAMD64":     "macos-x86_64.dmg",
	"WindowsAMD64": "windows-amd64-setup.exe",
}

// file is one of a release, with its SHA-256 in lower-case hexadecimal.
type file struct{ Name, Sum string }

func main() {
	log.SetFlags(0)
	base := flag.String("base", "", "`URL` of the folder that the release's files can be had from")
	homepage := flag.String("homepage", "", "`URL` of the project")
	flag.Parse()
	if flag.NArg() > 0 || *base == "" || *homepage == "" {
		flag.Usage()
		os.Exit(2)
	}
	if err := write(".", *base, *homepage); err != nil {
		log.Fatal("manifests: ", err)
	}
}

// write reads the checkout at root and writes into its dist/manifests.
func write(root, base, homepage string) error {
	for _, address := range []string{base, homepage} {
		if u, err := url.Parse(address); err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsAny(address, "\"\\#{}\n") {
			return fmt.Errorf("%q: give an address that begins with https://", address)
		}
	}
	version, err := release(filepath.Join(root, "FyneApp.toml"))
	if err != nil {
		return err
	}
	sums, err := checksums(filepath.Join(root, "dist", "SHA256SUMS"))
	if err != nil {
		return err
	}
	values := map[string]any{"Version": version, "Base": strings.TrimSuffix(base, "/"), "Homepage": homepage}
	for key, suffix := range suffixes {
		name := "sealedroom-" + version + "-" + suffix
		if sum, ok := sums[name]; ok {
			values[key] = file{name, sum}
		}
	}
	out := filepath.Join(root, "dist", "manifests")
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	written := 0
	for _, kind := range kinds {
		missing := ""
		for _, key := range kind.names {
			if values[key] == nil {
				missing = "sealedroom-" + version + "-" + suffixes[key]
			}
		}
		if missing != "" {
			log.Printf("%s: left out: dist/SHA256SUMS has no %s", kind.out, missing)
			// One of an earlier release would name files that are gone.
			if err := os.Remove(filepath.Join(out, kind.out)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			continue
		}
		if err := fill(filepath.Join(root, "assets", "packaging", kind.template), filepath.Join(out, kind.out), values); err != nil {
			return err
		}
		written++
	}
	if written == 0 {
		return fmt.Errorf("dist has no package of version %s: tag the commit v%s and run make package", version, version)
	}
	return nil
}

// release is the version that FyneApp.toml states.
func release(path string) (string, error) {
	var app struct{ Details struct{ Version string } }
	if _, err := toml.DecodeFile(path, &app); err != nil {
		return "", err
	}
	if !regexp.MustCompile(`^\d+\.\d+\.\d+$`).MatchString(app.Details.Version) {
		return "", fmt.Errorf("%s: Version is %q: write it as 1.2.3", path, app.Details.Version)
	}
	return app.Details.Version, nil
}

// checksums reads what sha256sum wrote: a sum and a name on each line.
func checksums(path string) (map[string]string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is missing: run make package", path)
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	line := regexp.MustCompile(`^([0-9a-f]{64}) [ *](\S+)$`)
	sums := map[string]string{}
	scanner := bufio.NewScanner(f)
	for scanner.Scan() {
		found := line.FindStringSubmatch(scanner.Text())
		if found == nil {
			return nil, fmt.Errorf("%s: %q is not a line of sha256sum's: run make package", path, scanner.Text())
		}
		sums[found[2]] = found[1]
	}
	return sums, scanner.Err()
}

func fill(from, to string, values map[string]any) error {
	t, err := template.New(filepath.Base(from)).Funcs(template.FuncMap{"upper": strings.ToUpper}).Option("missingkey=error").ParseFiles(from)
	if err != nil {
		return err
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join(t.Execute(f, values), f.Close())
}
