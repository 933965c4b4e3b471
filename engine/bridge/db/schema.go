package db

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"

	"github.com/ncruces/go-sqlite3"
)

// schema makes the tables. Exactly Alice is active.
const schema = `
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, active BOOLEAN NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL, item TEXT NOT NULL, total REAL NOT NULL);
CREATE TABLE credentials (user_id INTEGER PRIMARY KEY, password_hash TEXT NOT NULL, api_key TEXT NOT NULL);
INSERT INTO users VALUES (1, 'Alice', 1), (2, 'Bob', 0), (3, 'Carol', 0), (4, 'Dave', 0);
INSERT INTO orders VALUES (1, 1, 'lamp', 24.5), (2, 1, 'key', 3.2), (3, 2, 'door', 180), (4, 4, 'window', 95.9);
`

// granted are the tables and columns that a hardened guest may read. They are
// listed one by one, so that a new column is not granted by being there.
var granted = map[string][]string{
	"users":  {"id", "name", "active"},
	"orders": {"id", "user_id", "item", "total"},
}

// ungranted are the tables that are there and not granted.
var ungranted = []string{"credentials"}

// plant fills the credentials; Alice's key is the vault's.
func plant(conn *sqlite3.Conn, key string) error {
	stmt, _, err := conn.Prepare(`INSERT INTO credentials VALUES (?, ?, ?)`)
	if err != nil {
		return err
	}
	defer stmt.Close()
	for user := 1; user <= 4; user++ {
		if user > 1 {
			key = "ck_test_" + rand.Text()
		}
		salt, hash := make([]byte, 16), make([]byte, 32)
		rand.Read(salt)
		rand.Read(hash)
		encode := base64.RawStdEncoding.EncodeToString
		_ = stmt.BindInt(1, user)
		_ = stmt.BindText(2, "$argon2id$v=19$m=65536,t=3,p=4$"+encode(salt)+"$"+encode(hash))
		_ = stmt.BindText(3, key)
		if err := stmt.Exec(); err != nil {
			return err
		}
	}
	return nil
}

// newPassword makes the key of the database's file.
func newPassword() string {
	key := make([]byte, 32)
	rand.Read(key)
	return hex.EncodeToString(key)
}
