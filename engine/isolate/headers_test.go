package isolate

import (
	"debug/elf"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestHeaders compiles the shim twice: with our declarations of V8, and with
// V8's own headers. headers_check.h holds both to the same layouts; here they
// are held to calling the same functions, by the names that carry their types.
func TestHeaders(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("compares ELF objects, which only Linux makes")
	}
	if _, err := exec.LookPath("g++"); err != nil {
		t.Skip("there is no g++ to compile with: install it, for instance with make deps")
	}
	v8go, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "rogchap.com/v8go").Output()
	if err != nil {
		t.Skip("go list does not say where v8go is: ", err)
	}
	include := filepath.Join(strings.TrimSpace(string(v8go)), "deps", "include")
	ours := calledByShim(t)
	real := calledByShim(t, "-DREAL_V8_HEADERS", "-DV8_COMPRESS_POINTERS",
		"-DV8_31BIT_SMIS_ON_64BIT_ARCH", "-DV8_ENABLE_SANDBOX", "-I"+include)

	// What the real headers define inline may call on.
	inlined := []string{"_ZNK2v812ScriptOrigin24VerifyHostDefinedOptionsEv"}
	for _, name := range ours {
		if !slices.Contains(real, name) {
			t.Errorf("our declarations call %s, which V8's headers do not", name)
		}
	}
	for _, name := range real {
		if !slices.Contains(ours, name) && !slices.Contains(inlined, name) {
			t.Errorf("V8's headers call %s, which our declarations do not", name)
		}
	}
	if len(ours) < 30 {
		t.Errorf("the shim calls only %d functions of V8: is the object read right?", len(ours))
	}
}

// calledByShim compiles the parts of the shim and lists what they call of V8,
// mangled.
func calledByShim(t *testing.T, flags ...string) []string {
	t.Helper()
	parts, err := filepath.Glob("shim_*.cc")
	if err != nil || len(parts) == 0 {
		t.Fatal("no parts of the shim: ", err)
	}
	var names []string
	for _, part := range parts {
		object := filepath.Join(t.TempDir(), part+".o")
		args := append([]string{"-std=c++20", "-fno-rtti", "-fno-exceptions", "-O1", "-w", "-c", part, "-o", object}, flags...)
		if out, err := exec.Command("g++", args...).CombinedOutput(); err != nil {
			t.Fatalf("g++ %s: %v\n%s", strings.Join(flags, " "), err, out)
		}
		names = append(names, undefinedOfV8(t, object)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// undefinedOfV8 lists the symbols of V8 that an object refers to. The parts' own
// functions may have V8's types in their names.
func undefinedOfV8(t *testing.T, object string) (names []string) {
	t.Helper()
	file, err := elf.Open(object)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	symbols, err := file.Symbols()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range symbols {
		if s.Section == elf.SHN_UNDEF && strings.Contains(s.Name, "2v8") && !strings.HasPrefix(s.Name, "_ZN4shim") {
			names = append(names, s.Name)
		}
	}
	return names
}
