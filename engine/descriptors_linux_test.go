package engine_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"sealedroom/engine"
)

// TestDescriptors lists what is open in a worker whose host was started with a
// file left open for every program: the worker's own pipes, /dev/null, and what
// Go's poller needs.
func TestDescriptors(t *testing.T) {
	file, err := os.CreateTemp(t.TempDir(), "secret")
	must(t, err)
	defer file.Close()
	left, err := unix.FcntlInt(file.Fd(), unix.F_DUPFD, 90) // without close-on-exec
	must(t, err)
	defer unix.Close(left)

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	e := engine.NewSingle()
	defer e.Close()
	var open []string
	_, err = e.Run(ctx, engine.Guest{Source: "for (;;);"}, limits(t, "64MB", "2s", engine.Switches{}), func(event engine.Event) {
		started, ok := event.(engine.Started)
		if !ok {
			return
		}
		folder := fmt.Sprintf("/proc/%d/fd", started.PID)
		entries, err := os.ReadDir(folder)
		must(t, err)
		for _, entry := range entries {
			target, _ := os.Readlink(folder + "/" + entry.Name())
			open = append(open, entry.Name()+" "+target)
		}
		cancel()
	})
	must(t, err)
	if len(open) < 6 {
		t.Fatalf("only %q are open", open)
	}
	for _, descriptor := range open {
		number, target, _ := strings.Cut(descriptor, " ")
		own := map[string]string{"0": "/dev/null", "1": "pipe:", "2": "pipe:", "3": "pipe:", "4": "pipe:", "5": "pipe:"}[number]
		if own == "" {
			own = "anon_inode:[event" // eventpoll and eventfd, of Go's poller
		}
		if !strings.HasPrefix(target, own) {
			t.Errorf("descriptor %s is %s, expected %s…", number, target, own)
		}
	}
}
