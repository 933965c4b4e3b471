package hosts

import "testing"

func TestProvider(t *testing.T) {
	for name, want := range map[string]string{
		"process": "Node", "require": "Node", "fs": "Node, as a module", "Buffer": "Node",
		"fetch": "browsers and Node", "TextEncoder": "browsers and Node", "URL": "browsers and Node", "atob": "browsers and Node",
		"AbortController": "browsers and Node", "structuredClone": "browsers and Node", "WebAssembly": "browsers and Node",
		"window": "browsers", "document": "browsers", "alert": "browsers", "XMLHttpRequest": "browsers",
		"Deno": "Deno", "Bun": "Bun", "db": "this host, when granted",
		// Misspelt, the language's own, or read by the language itself.
		"consol": "", "totl": "", "": "", "arguments": "", "constructor": "", "then": "", "toJSON": "", "length": "", "name": "", "Math": "", "Temporal": "",
	} {
		if got := Provider(name); got != want || Provide(name) != (want != "") {
			t.Errorf("%s is provided by %q, want %q", name, got, want)
		}
	}
	if n := len(provider()); n < 300 || n > 2000 {
		t.Errorf("%d names", n)
	}
}
