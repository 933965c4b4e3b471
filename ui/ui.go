package ui

import (
	"context"
	"errors"

	"sealedroom/engine"
)

const Version = "0.1.0"

type Document struct{ Path, Text string }
type Picture struct {
	Path          string
	Width, Height int
	Light         bool
	Document      Document
	Limits        engine.Limits
}

const Welcome = "10 + 20;\n"

func Open(Document) error                     { return errors.New("not yet") }
func Snapshot(context.Context, Picture) error { return errors.New("not yet") }
