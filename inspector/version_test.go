package inspector

import (
	"os"
	"regexp"
	"runtime/debug"
	"testing"
)

// The version is written twice, for the packages and for the app.
func TestVersionIsThePackages(t *testing.T) {
	text, err := os.ReadFile("../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?m)^Version = "(.*)"$`).FindSubmatch(text); found == nil || string(found[1]) != AppVersion {
		t.Errorf("FyneApp.toml has %q, the app %q", found, AppVersion)
	}
}

func TestBuild(t *testing.T) {
	for want, settings := range map[string][]debug.BuildSetting{
		AppVersion: nil,
		AppVersion + ", commit 0123abcd of 2026-11-26": {{Key: "vcs.revision", Value: "0123abcd4567"}, {Key: "vcs.time", Value: "2026-11-26T10:00:00Z"}},
		AppVersion + ", commit 0123abcd, with changes": {{Key: "vcs.revision", Value: "0123abcd4567"}, {Key: "vcs.modified", Value: "true"}},
	} {
		if got := build(settings); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
