package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"sealedroom/inspector"
	"sealedroom/inspector/profile"
)

// writeProfile writes the files that are asked for. A run that was stopped or killed
// has a profile too, as far as its samples came.
func (c *runCommand) writeProfile(state inspector.State, guest string) error {
	if c.CPUProfile == "" && c.Allocations == "" {
		return nil
	}
	p := profile.Of(state.Profile)
	if p == nil {
		return errors.New("no sample came of this run: it ended before there was one, and the files of its profile were not written")
	}
	if err := writeFile(c.CPUProfile, func(w io.Writer) error { return p.WriteCPU(w, guest) }); err != nil {
		return fmt.Errorf("--cpu-profile: %w", err)
	}
	if err := writeFile(c.Allocations, func(w io.Writer) error { return p.WriteAllocations(w, guest) }); err != nil {
		return fmt.Errorf("--allocations: %w", err)
	}
	return nil
}

// writeFile writes a file, or nothing where the path is empty.
func writeFile(path string, write func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := write(file); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}
