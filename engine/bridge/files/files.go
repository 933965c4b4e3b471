// Package files is the capability "files": a folder of the run's own, with a
// secret planted next to it.
//
// The run's tree is made on the first call and removed at the end:
//
//	secret.txt        FILE_SECRET
//	etc/passwd        planted, so that the famous path leads somewhere
//	guest/            what the guest is granted
//	guest/readme.txt
//	guest/latest.txt  a symbolic link to ../secret.txt, where the system has them
//
// Hardened, the guest's folder is an [os.Root]: no name, link or race leads
// out of it. Naive, names are joined to its path, so "../secret.txt" and
// "/etc/passwd" lead out of it; but the whole tree is an os.Root too, so they
// never lead to the machine's own files.
package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"sealedroom/engine/bridge"
)

const secret = "FILE_SECRET"

// Kind describes the capability.
func Kind() bridge.Kind {
	return bridge.Kind{
		Name:    "files",
		Methods: []string{"list", "read", "write"},
		Secrets: []bridge.Secret{{Name: secret, Make: func() string { return bridge.NewSecret("fs_") }}},
		Open:    func(setup bridge.Setup) bridge.Capability { return &folder{setup: setup} },
	}
}

// Bounds of the folder, in bytes but for the number of files. The naive one
// has those of the disk that it may use, and no others.
const (
	maxFiles     = 64
	maxFile      = 64 << 10
	maxTotal     = 1 << 20
	maxNaive     = 4 << 20
	maxNaiveFile = 256
)

// folder is the guest's folder. Its tree is made by the first call.
type folder struct {
	setup bridge.Setup

	mu      sync.Mutex
	folder  *bridge.Folder
	tree    *os.Root // the run's own tree
	guest   *os.Root // within it
	closed  bool
	written map[string]int64 // sizes, by path in the tree
}

func (f *folder) Call(ctx context.Context, method string, args bridge.Args) (any, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	counts := map[string]int{"list": 0, "read": 1, "write": 2}
	if err := args.Count(counts[method], counts[method]); err != nil {
		return nil, err
	}
	var name, text string
	var err error
	if method != "list" {
		if name, err = f.name(args); err != nil {
			return nil, err
		}
	}
	if method == "write" {
		if text, err = args.Text(1, maxFile); err != nil {
			return nil, err
		}
	}
	if err := f.make(); err != nil {
		return nil, bridge.Refuse(bridge.CodeFailed, "%s: the run's folder could not be made", args.Call()).Because(err)
	}
	bridge.Log(ctx, strings.TrimSpace(method+" "+logName(name)))
	switch method {
	case "list":
		return f.list()
	case "read":
		return f.read(args.Call(), name)
	default:
		return nil, f.write(args.Call(), name, text)
	}
}

// logName is a path as the host logs it.
func logName(name string) string {
	if name == "" {
		return ""
	}
	return strconv.Quote(name)
}

var granted = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9]$|^[A-Za-z0-9]$`)

// device are names that are no files on Windows, in any folder.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`)

// name returns the path of argument 1: in the guest's folder when hardened,
// in the run's tree when naive.
func (f *folder) name(args bridge.Args) (string, error) {
	name, err := args.Text(0, 4096)
	if err != nil {
		return "", err
	}
	if f.setup.Grant == bridge.Naive {
		return join(name), nil
	}
	if !granted.MatchString(name) || device.MatchString(name) {
		return "", bridge.Refuse(bridge.CodeNotGranted,
			"%s: the name %.80q is not granted: use up to 64 letters, digits, dots, dashes and underscores, in this folder", args.Call(), name)
	}
	return name, nil
}

// join is the hole: it takes the folder's path for a wall. The tree's top
// stands for the machine's, as "/" does.
func join(name string) string {
	name = strings.ReplaceAll(name, `\`, "/")
	if !path.IsAbs(name) {
		name = path.Join("/guest", name)
	}
	if name = strings.TrimPrefix(path.Clean(name), "/"); name == "" {
		return "."
	}
	return name
}

// root is what the guest's names are resolved in.
func (f *folder) root() *os.Root {
	if f.setup.Grant == bridge.Naive {
		return f.tree
	}
	return f.guest
}

func (f *folder) make() (err error) {
	if f.tree != nil {
		return nil
	}
	if f.closed {
		return fs.ErrClosed
	}
	if f.folder, err = bridge.NewFolder("files"); err != nil {
		return err
	}
	if f.tree, err = os.OpenRoot(f.folder.Path); err != nil {
		return errors.Join(err, f.folder.Remove())
	}
	f.written = map[string]int64{}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.remove())
		}
	}()
	for _, folder := range []string{"etc", "guest"} {
		if err := f.tree.Mkdir(folder, 0o700); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{
		"secret.txt":       f.setup.Vault.Peek(secret) + "\n",
		"etc/passwd":       "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:planted for the lesson:/guest:/bin/false\n",
		"guest/readme.txt": "Hello from the files behind the teller window.\n",
	} {
		if err := f.tree.WriteFile(name, []byte(text), 0o600); err != nil {
			return err
		}
	}
	// Some systems let no ordinary user make links: there is one hole less to show then.
	_ = f.tree.Symlink("../secret.txt", "guest/latest.txt")
	f.guest, err = f.tree.OpenRoot("guest")
	return err
}

func (f *folder) list() ([]string, error) {
	opened, err := f.guest.Open(".")
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	names, err := opened.Readdirnames(maxFiles + maxNaiveFile)
	if err != nil && err != io.EOF {
		return nil, err
	}
	slices.Sort(names)
	return names, nil
}

func (f *folder) read(call, name string) (string, error) {
	file, err := f.root().Open(name)
	if err != nil {
		return "", f.refused(call, name, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	switch {
	case err != nil:
		return "", f.refused(call, name, err)
	case len(data) > maxFile:
		return "", bridge.Refuse(bridge.CodeTooLarge, "%s: the file %q has more than %d bytes", call, name, maxFile)
	case !utf8.Valid(data):
		return "", bridge.Refuse(bridge.CodeInvalid, "%s: the file %q is not text", call, name)
	}
	return string(data), nil
}

func (f *folder) write(call, name, text string) error {
	files, total := maxFiles, int64(maxTotal)
	if f.setup.Grant == bridge.Naive {
		files, total = maxNaiveFile, maxNaive
	}
	old, exists := f.written[name]
	used := int64(len(text)) - old
	for _, size := range f.written {
		used += size
	}
	if used > total || !exists && len(f.written) >= files {
		return bridge.Refuse(bridge.CodeTooLarge,
			"%s: the folder is full: at most %d files and %d bytes can be written", call, files, total)
	}
	if err := f.root().WriteFile(name, []byte(text), 0o600); err != nil {
		return f.refused(call, name, err)
	}
	f.written[name] = int64(len(text))
	return nil
}

// refused is the error of a name that leads nowhere, or out. A naive guest
// gets it as it is; it names the place in the tree, never the tree's own.
func (f *folder) refused(call, name string, err error) error {
	if f.setup.Grant == bridge.Naive {
		var where *fs.PathError
		if errors.As(err, &where) {
			return fmt.Errorf("%s: %s /%s: %w", call, where.Op, name, where.Err)
		}
		return fmt.Errorf("%s: /%s: %w", call, name, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return bridge.Refuse(bridge.CodeNotFound, "%s: there is no file %q", call, name).Because(err)
	}
	return bridge.Refuse(bridge.CodeNotGranted, "%s: the file %q is not granted", call, name).Because(err)
}

// Close removes the run's tree.
func (f *folder) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	return f.remove()
}

func (f *folder) remove() error {
	if f.tree == nil {
		return nil
	}
	var problems []error
	if f.guest != nil {
		problems = append(problems, f.guest.Close())
	}
	problems = append(problems, f.tree.Close(), f.folder.Remove())
	f.tree, f.guest = nil, nil
	return errors.Join(problems...)
}
