package profile

import (
	"encoding/json"
	"io"
	"time"

	"sealedroom/engine"
)

// cpuProfile is the format of Chrome's DevTools: times in microseconds, lines and
// columns from 0.
type cpuProfile struct {
	Nodes      []cpuNode `json:"nodes"`
	StartTime  int64     `json:"startTime"`
	EndTime    int64     `json:"endTime"`
	Samples    []int     `json:"samples"`
	TimeDeltas []int64   `json:"timeDeltas"`
}

type cpuNode struct {
	ID            int            `json:"id"`
	CallFrame     callFrame      `json:"callFrame"`
	HitCount      int            `json:"hitCount"`
	Children      []int          `json:"children,omitempty"`
	PositionTicks []positionTick `json:"positionTicks,omitempty"`
}

type callFrame struct {
	FunctionName string `json:"functionName"`
	ScriptID     string `json:"scriptId"`
	URL          string `json:"url"`
	LineNumber   int    `json:"lineNumber"`
	ColumnNumber int    `json:"columnNumber"`
}

type positionTick struct {
	Line  int `json:"line"` // from 1, unlike those of a call frame
	Ticks int `json:"ticks"`
}

// WriteCPU writes where the time went as a .cpuprofile, which Chrome's DevTools and
// Speedscope open. guest is the guest's file name.
func (p *Profile) WriteCPU(w io.Writer, guest string) error {
	out := cpuProfile{Samples: []int{}, TimeDeltas: []int64{}}
	hits := map[*Node]int{}
	for _, s := range p.Samples {
		hits[s.Node]++
	}
	var walk func(*Node)
	walk = func(n *Node) {
		node := cpuNode{ID: n.id, CallFrame: frameOf(n.Function, guest), HitCount: hits[n]}
		for line, ticks := range n.SelfLines {
			if line > 0 {
				node.PositionTicks = append(node.PositionTicks, positionTick{line, ticks})
			}
		}
		sortTicks(node.PositionTicks)
		for _, c := range n.Children {
			node.Children = append(node.Children, c.id)
		}
		out.Nodes = append(out.Nodes, node)
		for _, c := range n.Children {
			walk(c)
		}
	}
	walk(p.Root)
	idle := len(out.Nodes) + 1
	out.Nodes[0].Children = append(out.Nodes[0].Children, idle)
	out.Nodes = append(out.Nodes, cpuNode{ID: idle, CallFrame: frameOf(engine.Function{Name: "(idle)"}, "")})
	last := time.Duration(0)
	add := func(at time.Duration, node int) {
		out.Samples = append(out.Samples, node)
		out.TimeDeltas = append(out.TimeDeltas, (at - last).Microseconds())
		last = at.Truncate(time.Microsecond)
	}
	for i, s := range p.Samples {
		add(s.At, s.Node.id)
		if end := s.At + s.Took; i+1 < len(p.Samples) && p.Samples[i+1].At > end {
			add(end, idle)
		}
	}
	if n := len(p.Samples); n > 0 {
		out.EndTime = (p.Samples[n-1].At + p.Samples[n-1].Took).Microseconds()
	}
	return json.NewEncoder(w).Encode(out)
}

func frameOf(f engine.Function, guest string) callFrame {
	out := callFrame{FunctionName: f.Name, ScriptID: "0", LineNumber: f.Line - 1, ColumnNumber: f.Column - 1}
	switch {
	case f.Kind == "guest":
		out.ScriptID, out.URL = "1", guest
	case f.Kind == "evaluated":
		out.ScriptID, out.URL = "2", "evaluated"
	}
	if f.Name == "" {
		out.FunctionName = "(anonymous)"
	}
	return out
}

func sortTicks(ticks []positionTick) {
	for i := range ticks {
		for j := i; j > 0 && ticks[j].Line < ticks[j-1].Line; j-- {
			ticks[j], ticks[j-1] = ticks[j-1], ticks[j]
		}
	}
}

// allocations is the format of WriteAllocations. Sizes are in bytes.
type allocations struct {
	Guest     string           `json:"guest"`
	Allocated int64            `json:"allocated_bytes"`
	Live      int64            `json:"live_bytes"`
	Lines     []allocationLine `json:"lines"`
}

type allocationLine struct {
	Function  string `json:"function"`
	Line      int    `json:"line,omitempty"` // 0 is left out: no line was found
	Allocated int64  `json:"allocated_bytes"`
	Live      int64  `json:"live_bytes"`
}

// WriteAllocations writes where the memory went, as JSON: the lines of the guest
// that allocate, by the bytes that are still in use. guest is its file name.
func (p *Profile) WriteAllocations(w io.Writer, guest string) error {
	out := allocations{Guest: guest, Allocated: p.Allocated, Live: p.Live, Lines: []allocationLine{}}
	for _, a := range p.Allocations {
		out.Lines = append(out.Lines, allocationLine{Function: Name(a.Function), Line: a.Line, Allocated: a.Bytes, Live: a.Live})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(out)
}

// Name is what a function is called: the guest's name for it, or what it is where
// it has none. It may hold anything that a guest can put into a name.
func Name(f engine.Function) string {
	switch {
	case TopLevel(f):
		return "(top level)"
	case f.Name == "" && f.Kind == "engine":
		return "(V8)"
	case f.Name == "":
		return "(anonymous)"
	}
	return f.Name
}
