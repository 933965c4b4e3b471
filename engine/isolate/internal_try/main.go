package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"sealedroom/engine/isolate"
)

type w struct{}

func (w) Console(c isolate.Console) { fmt.Printf("  [%s %v] %.300s\n", c.Level, c.At, c.Text) }
func (w) Blocked(b isolate.Blocked) { fmt.Printf("  BLOCKED %+v\n", b) }

func main() {
	runtime.LockOSThread()
	isolate.OnFatal = func(oom bool, m string) { fmt.Println("FATAL", oom, m); os.Exit(70) }
	t := time.Now()
	iso, err := isolate.New(isolate.Config{HeapLimit: 64 << 20})
	fmt.Println("new", time.Since(t), err, isolate.Version())
	src, _ := io.ReadAll(os.Stdin)
	go func() {
		time.Sleep(time.Second)
		for {
			iso.Stop()
			time.Sleep(2 * time.Millisecond)
		}
	}()
	go func() {
		for range time.Tick(10 * time.Millisecond) {
			iso.RequestSample()
		}
	}()
	p := isolate.Program{Source: string(src), Name: "guest.js", ResultLimit: 1 << 20}
	for _, a := range os.Args[1:] {
		switch a {
		case "timers":
			p.Timers = true
		case "eval":
			p.Codegen = true
		case "wasm":
			p.Wasm = true
		case "shared":
			p.SharedMemory = true
		}
	}
	t = time.Now()
	done := iso.Run(p, w{})
	el := time.Since(t)
	b, _ := json.Marshal(done)
	fmt.Printf("%v %.1500s\n", el, b)
	s, ok := iso.Sample()
	fmt.Println(s, ok, len(iso.GCs(nil)))
}
