package bench

import (
	"context"
	"io"
)

type Report struct{}

func Measure(ctx context.Context, peers string, step func(string)) (Report, error) { return Report{}, nil }
func (Report) WriteText(io.Writer)                                                {}
