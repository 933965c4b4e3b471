package engine_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"sealedroom/engine"
	"sealedroom/engine/bridge"
)

// freshSecrets are values of the test's own for every secret that the
// capabilities bring, so that it knows what to look for.
func freshSecrets() map[string]string {
	key := make([]byte, 32)
	rand.Read(key)
	secrets := map[string]string{"DB_PASSWORD": hex.EncodeToString(key)}
	for _, name := range []string{"CUSTOMER_KEY", "API_TOKEN", "METADATA_TOKEN", "FILE_SECRET", "OWN_SECRET"} {
		secrets[name] = bridge.NewSecret("tst_")
	}
	return secrets
}

// spellings are the bytes that a secret may lie in memory as.
func spellings(secret string) map[string][]byte {
	wide := func(text string) (out []byte) {
		for _, unit := range utf16.Encode([]rune(text)) {
			out = append(out, byte(unit), byte(unit>>8))
		}
		return out
	}
	reversed := []byte(secret)
	slices.Reverse(reversed)
	all := map[string][]byte{
		"plain": []byte(secret), "reversed": reversed, "hex": []byte(hex.EncodeToString([]byte(secret))), "UTF-16": wide(secret),
	}
	for before := range 3 {
		text := base64.RawStdEncoding.EncodeToString(append(make([]byte, before), secret...))
		all[fmt.Sprint("base64 after ", before)] = []byte(text[(before*8+5)/6 : len(text)-1])
	}
	if key, err := hex.DecodeString(secret); err == nil {
		all["the key itself"] = key
	}
	return all
}

// searchMemory names the secrets that are anywhere in what a process can read,
// and counts the bytes that were looked at.
func searchMemory(t *testing.T, pid int, secrets map[string]string) (found map[string][]string, looked int) {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	must(t, err)
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if errors.Is(err, fs.ErrPermission) {
		t.Skipf("this system lets only root look into a worker: %v", err)
	}
	must(t, err)
	defer memory.Close()
	found = map[string][]string{}
	const overlap = 4 << 10 // more than the longest spelling
	buffer := make([]byte, 4<<20)
	lines := bufio.NewScanner(bytes.NewReader(maps))
	for lines.Scan() {
		var from, to uint64
		var mode string
		if _, err := fmt.Sscanf(lines.Text(), "%x-%x %s", &from, &to, &mode); err != nil || mode[0] != 'r' || strings.Contains(lines.Text(), "[v") {
			continue
		}
		for at := from; at < to; at += uint64(len(buffer) - overlap) {
			n, _ := memory.ReadAt(buffer[:min(uint64(len(buffer)), to-at)], int64(at))
			looked += n
			for name, secret := range secrets {
				for how, spelled := range spellings(secret) {
					if bytes.Contains(buffer[:n], spelled) && !slices.Contains(found[name], how) {
						found[name] = append(found[name], how)
					}
				}
			}
		}
	}
	return found, looked
}

// TestTheWorkerHoldsNoSecret looks into workers whose guests have just had
// answers for which the host used its secrets. Those that reveal some on
// purpose show that the search finds what is there.
func TestTheWorkerHoldsNoSecret(t *testing.T) {
	use := `
		db.query('SELECT * FROM users'); http.get('http://api.internal/users'); files.read('readme.txt');
		for (const attack of [
			() => db.query('SELECT * FROM credentials'), () => db.query('SELEC'), () => http.get('http://metadata.internal/'),
			() => http.get('http://api.internal/redirect?to=http://metadata.internal/'), () => files.read('../secret.txt'), () => files.read('latest.txt'),
			() => http.post('http://api.internal/orders', 'x', {headers: {Authorization: 'x'}})]) try { attack() } catch {}`
	for _, test := range []struct {
		name, guest string
		grant       bridge.Grant
		want        map[string]string // secret to a spelling that must be found
	}{
		{"hardened", use, bridge.Hardened, nil},
		{"naive, nothing taken", `db.query('SELECT * FROM users'); http.get('http://api.internal/users'); files.read('readme.txt')`, bridge.Naive, nil},
		{"naive, robbed", use, bridge.Naive, map[string]string{
			"DB_PASSWORD": "plain", "CUSTOMER_KEY": "plain", "METADATA_TOKEN": "plain", "FILE_SECRET": "plain"}},
		{"naive, robbed and rewritten", `
			db.query('SELECT * FROM users'); http.get('http://api.internal/users');
			const secret = files.read('../secret.txt').trim();
			globalThis.wide = JSON.parse(JSON.stringify(secret + '\u4e2d')); wide.charCodeAt(3);
			globalThis.hex = Array.from(secret, c => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
			globalThis.back = [...secret].reverse().join('');`, bridge.Naive, map[string]string{"FILE_SECRET": "UTF-16 hex reversed"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			secrets := freshSecrets()
			guest := engine.Guest{
				Source: test.guest + "\nconsole.log('ready'); await new Promise(r => setTimeout(r, 60_000))",
				Grants: map[string]bridge.Grant{"db": test.grant, "http": test.grant, "files": test.grant, "kv": test.grant},
			}
			for _, name := range slices.Sorted(maps.Keys(secrets)) {
				guest.Secrets = append(guest.Secrets, name+"="+secrets[name])
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			pid, used, ready := 0, 0, false
			// Pages that are looked at become resident: a low limit would end the run.
			ended, err := host.Run(ctx, guest, limits(t, "1GB", "1m", engine.Switches{Timers: true}), func(e engine.Event) {
				switch e := e.(type) {
				case engine.Started:
					pid = e.PID
				case engine.Vault:
					used = 0
					for _, s := range e.Secrets {
						used += s.Used
					}
				case engine.Console:
					ready = true
					defer cancel()
					found, looked := searchMemory(t, pid, secrets)
					if looked < 5<<20 {
						t.Errorf("%d bytes of the worker could be read", looked)
					}
					for name, how := range found {
						if test.want[name] == "" {
							t.Errorf("the worker's memory holds %s: %v", name, how)
						}
					}
					for name, how := range test.want {
						for how := range strings.FieldsSeq(how) {
							if !slices.Contains(found[name], how) {
								t.Errorf("the search does not find %s, %s: %v", name, how, found)
							}
						}
					}
					open, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
					must(t, err)
					for _, fd := range open {
						if to, _ := os.Readlink(fd); !strings.HasPrefix(to, "pipe:") && !strings.HasPrefix(to, "anon_inode:") && to != os.DevNull {
							t.Errorf("the worker has %s open", to)
						}
					}
					for _, file := range []string{"environ", "cmdline"} {
						data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
						must(t, err)
						for name, secret := range secrets {
							if bytes.Contains(data, []byte(secret)) {
								t.Errorf("%s is in the worker's %s", name, file)
							}
						}
					}
				}
			})
			must(t, err)
			if !ready || ended.Outcome != engine.Canceled {
				t.Fatalf("ended as %s: %+v", ended.Outcome, ended.Error)
			}
			if used < 2 {
				t.Errorf("the host used its secrets %d times", used)
			}
		})
	}
}
