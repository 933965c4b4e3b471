//go:build !unix || solaris || illumos || aix

package bridge

import "os"

// lockFolder locks nothing here, so Sweep removes nothing.
func lockFolder(string) (*os.File, error) { return nil, nil }

func ownFolder(os.FileInfo) bool { return false }
