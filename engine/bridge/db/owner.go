package db

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // the encryption

	"sealedroom/engine/bridge"
)

// owner is the goroutine that owns the database's file and connection.
type owner struct {
	setup bridge.Setup
	rules rules
	jobs  chan *job
	stop  chan struct{} // closed by Close

	folder *bridge.Folder // nil before the first call
	dir    string         // its path
	conn   *sqlite3.Conn
	cache  cache

	done     chan struct{} // closed when all is given back
	closeErr error         // readable then
}

func newOwner(setup bridge.Setup) *owner {
	return &owner{
		setup: setup,
		rules: rulesOf(setup),
		jobs:  make(chan *job),
		stop:  make(chan struct{}),
		done:  make(chan struct{}),
	}
}

func (o *owner) run() {
	defer close(o.done)
	for {
		select {
		case job := <-o.jobs:
			json, err := o.answer(job)
			job.answer <- answered{json, err}
		case <-o.stop:
			o.closeErr = o.giveBack()
			return
		}
	}
}

// answer runs one job. The library panics when memory runs out: the
// connection is not used again then, the next call opens the file again.
func (o *owner) answer(job *job) (json []byte, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			json, err = nil, bridge.Refuse(bridge.CodeTooLarge, "%s: the query needs more memory than it may have: ask for less", job.call).
				Because(fmt.Errorf("%v", panicked))
			o.drop()
		}
	}()
	if err := o.open(); err != nil {
		return nil, bridge.Refuse(bridge.CodeFailed, "%s: the database could not be opened", job.call).Because(o.logged(err))
	}
	o.conn.SetInterrupt(job.ctx)
	defer func() {
		if o.conn != nil {
			o.conn.SetInterrupt(context.Background())
		}
	}()
	if o.setup.Grant == bridge.Naive {
		json, err = o.script(job)
	} else {
		json, err = o.query(job)
	}
	if err != nil && o.setup.Grant == bridge.Naive {
		err = o.logged(err)
	}
	return json, err
}

// logged is an error as a host logs it that keeps its connection string in
// every message. The folder is left out: where the machine keeps its temporary
// files is no part of the lesson.
func (o *owner) logged(err error) error {
	var refusal *bridge.Refusal
	if errors.As(err, &refusal) {
		return err
	}
	return fmt.Errorf("query over %s: %s", connection("customers.db", o.setup.Vault.Peek(password)),
		strings.ReplaceAll(err.Error(), o.dir, ""))
}

// connection is the connection string: what opens the file, password and all.
func connection(path, password string) string {
	return (&url.URL{
		Scheme:   "file",
		Opaque:   (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath(),
		RawQuery: "vfs=adiantum&hexkey=" + password,
	}).String()
}

// open makes the file on the first call and opens it on every later one that
// finds no connection. It uses the password.
func (o *owner) open() error {
	if o.conn != nil {
		return nil
	}
	password := o.setup.Vault.Use(password)
	if o.dir == "" {
		folder, err := bridge.NewFolder("db")
		if err != nil {
			return err
		}
		o.folder, o.dir = folder, folder.Path
		if err := o.fill(password); err != nil {
			return err
		}
	}
	flags := sqlite3.OPEN_URI | sqlite3.OPEN_READONLY
	if o.setup.Grant == bridge.Naive {
		flags = sqlite3.OPEN_URI | sqlite3.OPEN_READWRITE
	}
	conn, err := sqlite3.OpenFlags(connection(o.path(), password), flags)
	if err != nil {
		return err
	}
	if err := o.rules.apply(conn); err != nil {
		return errors.Join(err, conn.Close())
	}
	o.conn = conn
	return nil
}

func (o *owner) path() string {
	return filepath.Join(o.dir, "customers.db") // on Windows file:C:/…: SQLite keeps a slash before the drive
}

// fill creates the tables. Nothing of them is worth a disk's flush.
func (o *owner) fill(password string) error {
	conn, err := sqlite3.Open(connection(o.path(), password))
	if err != nil {
		return err
	}
	err = conn.Exec(`PRAGMA journal_mode = off; PRAGMA synchronous = off; BEGIN;` + schema)
	if err == nil {
		err = plant(conn, o.setup.Vault.Peek(customerKey))
	}
	if err == nil {
		err = conn.Exec(`COMMIT`)
	}
	return errors.Join(err, conn.Close())
}

// drop closes the connection, with every statement; what was not committed is
// rolled back.
func (o *owner) drop() (err error) {
	if o.conn == nil {
		return nil
	}
	conn := o.conn
	o.conn, o.cache = nil, cache{}
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("close the database: %v", panicked)
		}
	}()
	var open []*sqlite3.Stmt
	for stmt := range conn.Stmts() {
		open = append(open, stmt)
	}
	for _, stmt := range open {
		_ = stmt.Close() // repeats the statement's own error, which is known
	}
	return conn.Close()
}

func (o *owner) giveBack() error {
	err := o.drop()
	if o.folder != nil {
		err = errors.Join(err, o.folder.Remove())
	}
	return err
}
