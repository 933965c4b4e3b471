package bridge

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Bounds of the vault and of what is put into it. A shorter value could not be
// distinguished from ordinary text, so it is refused rather than half watched.
const (
	maxSecrets    = 32
	minSecret     = 6
	unguessable   = 20 // characters: too many to find by trying
	maxSecret     = 1024
	maxSecretName = 64
	maxWhere      = 32
)

var secretName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)

// Vault holds one run's secrets. They stay on the host: a capability uses
// them there, and the worker's memory never holds them unless a hole lets one
// through, which the vault's [LeakScanner] then reports. All methods may be called
// from several goroutines.
type Vault struct {
	mu      sync.Mutex
	secrets []*held
	scanner *LeakScanner
}

type held struct {
	name, value string
	used        int
}

// SecretReport is what became of one secret in a run.
type SecretReport struct {
	Name string `json:"name"`
	// Used counts how often the host used it.
	Used int `json:"used"`
	// Revealed counts the places where it was seen entering the worker or
	// leaving the guest; many times in one place count once.
	Revealed int `json:"revealed"`
	// Where names the first 32 of these places: "answer of call 3",
	// "console line 2, reversed".
	Where []string `json:"where"`
}

// NewVault returns an empty vault.
func NewVault() *Vault { return &Vault{} }

// Add puts in a secret written as NAME=VALUE.
func (v *Vault) Add(assignment string) error {
	name, value, ok := strings.Cut(assignment, "=")
	if !ok {
		return errors.New("a secret has no \"=\": write it as NAME=VALUE")
	}
	return v.Set(name, value)
}

// Make puts in a fresh secret, unless there is one of that name.
func (v *Vault) Make(name string) error {
	if v.Has(name) {
		return nil
	}
	return v.Set(name, NewSecret("sk_"))
}

// Set puts in a secret: 6 to 1,024 printable ASCII characters. The error names
// the secret, never its value.
func (v *Vault) Set(name, value string) error {
	if len(name) > maxSecretName || !secretName.MatchString(name) {
		return fmt.Errorf("secret name %.80q is not valid: use up to %d capital letters, digits and underscores, starting with a letter", name, maxSecretName)
	}
	if len(value) < minSecret || len(value) > maxSecret {
		return fmt.Errorf("secret %s has %d characters: use %d to %d", name, len(value), minSecret, maxSecret)
	}
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
		return fmt.Errorf("secret %s holds more than printable ASCII: use letters, digits, spaces and signs", name)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case v.scanner != nil:
		return fmt.Errorf("secret %s comes too late: put it in before the run starts", name)
	case v.find(name) != nil:
		return fmt.Errorf("secret %s is there already: give it once", name)
	case len(v.secrets) == maxSecrets:
		return fmt.Errorf("secret %s is one too many: a run holds at most %d", name, maxSecrets)
	}
	v.secrets = append(v.secrets, &held{name: name, value: value})
	return nil
}

// Has says whether the vault holds a secret of that name.
func (v *Vault) Has(name string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.find(name) != nil
}

// Use returns a secret's value for the host to use now, and counts it. It is
// empty if there is no such secret.
func (v *Vault) Use(name string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	secret := v.find(name)
	if secret == nil {
		return ""
	}
	secret.used++
	return secret.value
}

// Peek returns a secret's value without counting: for a service that has to
// know it, not use it.
func (v *Vault) Peek(name string) string {
	v.mu.Lock()
	defer v.mu.Unlock()
	if secret := v.find(name); secret != nil {
		return secret.value
	}
	return ""
}

// Scanner returns the scanner for this vault's secrets. From then on none can be
// put in, so that none goes unwatched.
func (v *Vault) Scanner() *LeakScanner {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.scanner == nil {
		v.scanner = newLeakScanner(v.secrets)
	}
	return v.scanner
}

// Report says what became of each secret, in the order of their names.
func (v *Vault) Report() []SecretReport {
	scanner := v.Scanner()
	v.mu.Lock()
	defer v.mu.Unlock()
	reports := make([]SecretReport, len(v.secrets))
	for i, secret := range v.secrets {
		revealed, where := scanner.revealed(i)
		reports[i] = SecretReport{Name: secret.name, Used: secret.used, Revealed: revealed, Where: where}
	}
	slices.SortFunc(reports, func(a, b SecretReport) int { return strings.Compare(a.Name, b.Name) })
	return reports
}

func (v *Vault) find(name string) *held {
	for _, secret := range v.secrets {
		if secret.name == name {
			return secret
		}
	}
	return nil
}

// NewSecret returns a fresh value of 160 random bits after a prefix that says
// what it is for, as real services' keys have one.
func NewSecret(prefix string) string {
	return prefix + strings.ToLower(rand.Text()+rand.Text()[:6])
}
