package bench

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

//go:embed peers.js
var peersScript string

// peers is a Node process that measures the packages installed with it.
type peers struct {
	node    string
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Scanner
	version struct{ IsolatedVM, Node string }
}

// findPeers starts Node from dir (npm's node@24), or from the path; nil
// without an error when there is none.
func findPeers(ctx context.Context, dir string) (*peers, error) {
	node := ""
	if dir != "" {
		info, err := os.Stat(dir)
		if err != nil || !info.IsDir() {
			return nil, fmt.Errorf("--peers %s is not a folder: make one with 'npm install node@24 isolated-vm@7'", dir)
		}
		for _, path := range []string{"node_modules/node/bin/node", "node_modules/.bin/node"} {
			if path = filepath.Join(dir, path); exists(path) {
				node = path
				break
			}
		}
	}
	if node == "" {
		var err error
		if node, err = exec.LookPath("node"); err != nil {
			return nil, nil
		}
	}
	node, err := filepath.Abs(node)
	if err != nil {
		return nil, err
	}
	// isolated-vm asks for this flag from Node 20 on.
	cmd := exec.CommandContext(ctx, node, "--no-node-snapshot", "-e", peersScript)
	cmd.Dir = dir
	cmd.Stderr = os.Stderr
	p := &peers{node: node, cmd: cmd}
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	p.out.Buffer(nil, 1<<20)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("peers: %w", err)
	}
	return p, p.ask("version", 0, &p.version)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (p *peers) ask(what string, n int, into any) error {
	question, err := json.Marshal(map[string]any{"what": what, "n": n})
	if err != nil {
		return err
	}
	if _, err := p.in.Write(append(question, '\n')); err != nil {
		return fmt.Errorf("peers: %w", err)
	}
	if !p.out.Scan() {
		return errors.Join(errors.New("peers: node ended before it answered"), p.out.Err())
	}
	var failure struct{ Error string }
	if err := json.Unmarshal(p.out.Bytes(), &failure); err != nil || failure.Error != "" {
		return fmt.Errorf("peers: %s: %s %w", what, failure.Error, err)
	}
	return json.Unmarshal(p.out.Bytes(), into)
}

// samples measures a batch.
func (p *peers) samples(what string, n int) ([]float64, error) {
	var answer struct{ Samples []float64 }
	err := p.ask(what, n, &answer)
	return answer.Samples, err
}

// nodeProcess is the time from spawning Node to the result of 10+20, in ms.
func (p *peers) nodeProcess(ctx context.Context) (float64, error) {
	began := time.Now()
	out, err := exec.CommandContext(ctx, p.node, "-p", "10+20").Output()
	if err == nil && string(out) != "30\n" {
		err = fmt.Errorf("node: 10+20 gave %q", out)
	}
	return milliseconds(time.Since(began)), err
}

func (p *peers) close() {
	_ = p.in.Close()
	_ = p.cmd.Wait()
}
