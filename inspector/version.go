package inspector

import (
	"runtime/debug"
	"strings"
)

// AppVersion is the app's version, as in FyneApp.toml.
const AppVersion = "0.1.0"

// Build names the app's version and, where it was built from a checkout, the
// commit: "0.1.0, commit 0123abcd of 2026-11-26", "with changes" if the checkout had any.
func Build() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return AppVersion
	}
	return build(info.Settings)
}

func build(settings []debug.BuildSetting) string {
	of := map[string]string{}
	for _, setting := range settings {
		of[setting.Key] = setting.Value
	}
	commit := of["vcs.revision"]
	if len(commit) < 8 {
		return AppVersion
	}
	text := AppVersion + ", commit " + commit[:8]
	if day, _, ok := strings.Cut(of["vcs.time"], "T"); ok {
		text += " of " + day
	}
	if of["vcs.modified"] == "true" {
		text += ", with changes"
	}
	return text
}
