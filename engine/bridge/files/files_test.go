package files

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sealedroom/engine/bridge"
)

// guest opens a broker with files alone; its folders are in dir.
func guest(t testing.TB, grant bridge.Grant) (broker *bridge.Broker, dir string) {
	t.Helper()
	dir = t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	broker, err := bridge.Open([]bridge.Kind{Kind()}, map[string]bridge.Grant{"files": grant}, bridge.Budget{}, bridge.NewVault())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := broker.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "sealedroom-*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	})
	return broker, dir
}

func call(broker *bridge.Broker, method string, args ...any) bridge.Answer {
	raw := []byte("[]")
	if args != nil {
		raw, _ = json.Marshal(args)
	}
	return broker.Call(context.Background(), "files", method, raw)
}

func TestAGuestHasAFolder(t *testing.T) {
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		broker, _ := guest(t, grant)
		if answer := call(broker, "write", "note.txt", "grüße\n"); string(answer.JSON) != "null" {
			t.Errorf("%v: %s %s", grant, answer.JSON, answer.Logged)
		}
		if answer := call(broker, "read", "note.txt"); string(answer.JSON) != `"grüße\n"` {
			t.Errorf("%v: %s %s", grant, answer.JSON, answer.Logged)
		}
		if answer := call(broker, "list"); !strings.Contains(string(answer.JSON), `"note.txt","readme.txt"]`) {
			t.Errorf("%v: %s %s", grant, answer.JSON, answer.Logged)
		}
	}
}

// ways out of the folder, that lead to the secret beside it.
var ways = []string{"../secret.txt", "./../secret.txt", "../../secret.txt", "../../../../../../../../secret.txt", "x/../../secret.txt",
	"/secret.txt", "//secret.txt", `..\secret.txt`, "../guest/../secret.txt", "latest.txt"}

func TestNaiveReadsTheSecret(t *testing.T) {
	broker, _ := guest(t, bridge.Naive)
	for _, name := range ways {
		if answer := call(broker, "read", name); len(answer.Seen) != 1 || answer.Seen[0].Secret != "FILE_SECRET" {
			t.Errorf("%q: seen %v, %s %s", name, answer.Seen, answer.JSON, answer.Logged)
		}
	}
}

func TestHardenedDoesNotReadTheSecret(t *testing.T) {
	broker, dir := guest(t, bridge.Hardened)
	for _, name := range ways {
		for _, answer := range []bridge.Answer{call(broker, "read", name), call(broker, "write", name, "x")} {
			if answer.Error == nil || answer.Error.Code != bridge.CodeNotGranted || strings.Contains(answer.Error.Message, dir) {
				t.Errorf("%q: %s %+v", name, answer.JSON, answer.Error)
			}
		}
	}
	if report := broker.Secrets()[0]; report.Revealed != 0 {
		t.Errorf("%+v", report)
	}
}

func TestHardenedChecksNames(t *testing.T) {
	broker, _ := guest(t, bridge.Hardened)
	for _, name := range []string{"", ".", "..", "/", "a/b", `a\b`, "C:x", "a:b", "a\x00b", "a\nb", ".hidden", "trailing.", "trailing ", "ä", "a%2fb",
		"con", "NUL.txt", "com1", "LPT9.log", strings.Repeat("a", 65), "/etc/passwd", "../../etc/passwd", "/proc/self/environ", "~/x"} {
		for _, answer := range []bridge.Answer{call(broker, "read", name), call(broker, "write", name, "x")} {
			if answer.Error == nil || answer.Error.Code != bridge.CodeNotGranted {
				t.Errorf("%q: %s %+v", name, answer.JSON, answer.Error)
			}
		}
	}
	if answer := call(broker, "read", "missing.txt"); answer.Error == nil || answer.Error.Code != bridge.CodeNotFound {
		t.Errorf("missing: %+v", answer.Error)
	}
	for _, args := range [][]any{{map[string]any{"toString": 1}}, {1}, {nil}, {[]string{"a"}}} {
		if answer := call(broker, "read", args...); answer.Error == nil || answer.Error.Name != "TypeError" {
			t.Errorf("%v: %+v", args, answer.Error)
		}
	}
}

func TestNaiveStaysInTheRunsTree(t *testing.T) {
	broker, dir := guest(t, bridge.Naive)
	outside := filepath.Join(dir, "outside.txt")
	if err := os.WriteFile(outside, []byte("the machine's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	if answer := call(broker, "read", "/etc/passwd"); !strings.Contains(string(answer.JSON), "planted") {
		t.Errorf("%s %s", answer.JSON, answer.Logged)
	}
	if answer := call(broker, "read", "../../../../etc/passwd"); !strings.Contains(string(answer.JSON), "planted") {
		t.Errorf("%s %s", answer.JSON, answer.Logged)
	}
	// A link out of the tree, as if one had been planted.
	trees, _ := filepath.Glob(filepath.Join(dir, "sealedroom-*"))
	if err := os.Symlink(outside, filepath.Join(trees[0], "guest", "out")); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{outside, "../../outside.txt", "../../../outside.txt", "out", "/guest/out", "/proc/self/environ", "/etc/hostname", "C:/x", "", "."} {
		for _, answer := range []bridge.Answer{call(broker, "read", name), call(broker, "write", "out", "x")} {
			if answer.Error == nil || strings.Contains(answer.Error.Message, trees[0]) {
				t.Errorf("%q: %s %+v", name, answer.JSON, answer.Error)
			}
		}
	}
	if text, _ := os.ReadFile(outside); string(text) != "the machine's own" {
		t.Errorf("the outside file is now %q", text)
	}
}

func TestTheFolderIsBounded(t *testing.T) {
	for _, grant := range []bridge.Grant{bridge.Hardened, bridge.Naive} {
		broker, dir := guest(t, grant)
		files, full := 0, 0
		for i := range 80 {
			if answer := call(broker, "write", fmt.Sprintf("f%d", i), strings.Repeat("x", 60<<10)); answer.Error == nil {
				files++
			} else if answer.Decision == bridge.Denied {
				full++
			}
		}
		if full == 0 || files+full != 80 {
			t.Errorf("%v: %d files written, %d refused", grant, files, full)
		}
		if answer := call(broker, "write", "f0", "less"); answer.Error != nil {
			t.Errorf("%v: a file cannot shrink: %s", grant, answer.Logged)
		}
		if answer := call(broker, "write", "large", strings.Repeat("x", maxFile+1)); answer.Error == nil || answer.Error.Code != bridge.CodeTooLarge {
			t.Errorf("%v: %+v", grant, answer.Error)
		}
		var size int64
		_ = filepath.Walk(dir, func(_ string, info os.FileInfo, _ error) error {
			if info != nil && info.Mode().IsRegular() {
				size += info.Size()
			}
			return nil
		})
		if size > maxNaive+4096 || grant == bridge.Hardened && size > maxTotal+4096 {
			t.Errorf("%v: %d bytes on disk", grant, size)
		}
	}
}

func TestAClosedFolderIsNotMadeAgain(t *testing.T) {
	f := Kind().Open(bridge.Setup{Grant: bridge.Hardened, Vault: bridge.NewVault()})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	args, _ := bridge.NewArgs("files.list", []byte("[]"))
	if _, err := f.Call(context.Background(), "list", args); err == nil {
		t.Error("a closed folder answered")
	}
}

func BenchmarkRead(b *testing.B) {
	broker, _ := guest(b, bridge.Hardened)
	for b.Loop() {
		call(broker, "read", "readme.txt")
	}
}

func BenchmarkFirstRead(b *testing.B) {
	for b.Loop() {
		broker, _ := bridge.Open([]bridge.Kind{Kind()}, map[string]bridge.Grant{"files": bridge.Hardened}, bridge.Budget{}, bridge.NewVault())
		call(broker, "read", "readme.txt")
		_ = broker.Close()
	}
}
