// Package db is the capability "db": an encrypted SQL database whose password
// is made for the run.
//
// Hardened, a guest may ask one prepared, reading statement at a time, of the
// tables, columns and functions that are granted, and of nothing else.
//
// Naive, it may send any SQL, as in the article's example: several statements,
// writes, every table. Errors come back as the host logged them, with the
// connection string and the password in it. What would lead out of the run's own
// file is refused: ATTACH, extensions, virtual tables, and pragmas that change
// how the file is kept. So are functions that could compute on after the run.
package db

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"sync"
	"time"

	"sealedroom/engine/bridge"
)

const (
	password    = "DB_PASSWORD"
	customerKey = "CUSTOMER_KEY"
)

// closeGrace is how long Close waits for the statement under way. By the rules it
// ends within a fraction of a second of the run; on a machine under heavy load it
// may take longer, and then cleans up after itself.
const closeGrace = 5 * time.Second

// Kind describes the capability.
func Kind() bridge.Kind {
	return bridge.Kind{
		Name:    "db",
		Methods: []string{"query"},
		Secrets: []bridge.Secret{
			{Name: password, Make: newPassword, Check: checkPassword},
			{Name: customerKey, Make: func() string { return bridge.NewSecret("ck_live_") }},
		},
		Open: func(setup bridge.Setup) bridge.Capability { return &database{setup: setup} },
	}
}

var hexKey = regexp.MustCompile(`^[0-9A-Fa-f]{64}$`)

func checkPassword(value string) error {
	if !hexKey.MatchString(value) {
		return errors.New("is not the key of a database file: use 64 hexadecimal digits")
	}
	return nil
}

// database hands queries to the one goroutine that owns the connection, so
// that a call can return at its deadline whatever the statement is at.
type database struct {
	setup bridge.Setup

	mu     sync.Mutex
	owner  *owner // nil before the first call
	closed bool
}

func (d *database) Call(ctx context.Context, _ string, args bridge.Args) (any, error) {
	job, err := d.job(ctx, args)
	if err != nil {
		return nil, err
	}
	owner, err := d.start()
	if err != nil {
		return nil, err
	}
	select {
	case owner.jobs <- job:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case answer := <-job.answer:
		bridge.Log(ctx, "[Vault] customers.db, opened with "+password+": ran query "+strconv.Quote(job.sql))
		return answer.json, answer.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// job is one query on its way to the owner.
type job struct {
	ctx    context.Context
	call   string
	sql    string
	params []any         // nil, bool, string, int64 or float64
	answer chan answered // has room for the one answer
}

type answered struct {
	json json.RawMessage
	err  error
}

func (d *database) job(ctx context.Context, args bridge.Args) (*job, error) {
	if err := args.Count(1, 2); err != nil {
		return nil, err
	}
	sql, err := args.Text(0, d.setup.Budget.ArgBytes)
	if err != nil {
		return nil, err
	}
	j := &job{ctx: ctx, call: args.Call(), sql: sql, answer: make(chan answered, 1)}
	if !args.Has(1) {
		return j, nil
	}
	list, err := args.List(1)
	if err != nil {
		return nil, err
	}
	for i, raw := range list {
		param, ok := scalar(raw)
		if !ok {
			return nil, bridge.Refuse(bridge.CodeType, "%s: parameter %d is %s, text, a number, a boolean or null expected",
				args.Call(), i+1, bridge.Describe(raw))
		}
		j.params = append(j.params, param)
	}
	return j, nil
}

// scalar decodes what can be bound to a statement.
func scalar(raw json.RawMessage) (any, bool) {
	var value any
	var whole int64
	if json.Unmarshal(raw, &whole) == nil && bridge.Describe(raw) == "a number" {
		return whole, true
	}
	if json.Unmarshal(raw, &value) != nil {
		return nil, false
	}
	switch value.(type) {
	case nil, bool, string, float64:
		return value, true
	}
	return nil, false
}

func (d *database) start() (*owner, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return nil, errors.New("the database is closed")
	}
	if d.owner == nil {
		d.owner = newOwner(d.setup)
		go d.owner.run()
	}
	return d.owner, nil
}

// Close rolls back what was not committed, closes the connection and removes
// the file.
func (d *database) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.owner == nil {
		d.closed = true
		return nil
	}
	if !d.closed {
		d.closed = true
		close(d.owner.stop)
	}
	select {
	case <-d.owner.done:
		return d.owner.closeErr
	case <-time.After(closeGrace):
		return errors.New("a statement is still at work: it cleans up when it ends")
	}
}
