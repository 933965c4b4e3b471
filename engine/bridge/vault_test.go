package bridge

import (
	"strings"
	"testing"
)

func TestVaultTakesOnlyWhatCanBeScannedFor(t *testing.T) {
	for _, test := range []struct{ assignment, want string }{
		{"TOKEN=abcdef", ""},
		{"T_2=with spaces = and \"quotes\"", ""},
		{"TOKEN", "NAME=VALUE"},
		{"=value-long-enough", "capital letters"},
		{"token=value-long-enough", "capital letters"},
		{"2TOKEN=value-long-enough", "capital letters"},
		{"A\nB=value-long-enough", "capital letters"},
		{strings.Repeat("A", 65) + "=value-long-enough", "64 capital letters"},
		{"TOKEN=abcde", "use 6 to 1024"},
		{"TOKEN=" + strings.Repeat("a", 1025), "use 6 to 1024"},
		{"TOKEN=grüße-aus-x", "printable ASCII"},
		{"TOKEN=line\nbreak", "printable ASCII"},
	} {
		err := NewVault().Add(test.assignment)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("Add(%.30q) = %v, want %q", test.assignment, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "value-long-enough") {
			t.Errorf("the error shows the value: %v", err)
		}
	}
}

func TestVaultHoldsEachSecretOnce(t *testing.T) {
	v := NewVault()
	if err := v.Add("TOKEN=first-value"); err != nil {
		t.Fatal(err)
	}
	if err := v.Add("TOKEN=second-value"); err == nil {
		t.Error("a second TOKEN was taken")
	}
	if err := v.Make("TOKEN"); err != nil || v.Peek("TOKEN") != "first-value" {
		t.Errorf("Make replaced a secret: %v", err)
	}
	for i := range maxSecrets {
		err := v.Make("MORE_" + strings.Repeat("X", i))
		if (err == nil) != (i < maxSecrets-1) {
			t.Errorf("secret %d: %v", i+2, err)
		}
	}
	v.Scanner()
	if err := NewVault().Make("LATE"); err != nil {
		t.Error(err)
	}
	if err := v.Set("LATE", "value-long-enough"); err == nil {
		t.Error("a secret was put in after the scanner was made")
	}
}

func TestFreshSecretsDiffer(t *testing.T) {
	a, b := NewSecret("sk_"), NewSecret("sk_")
	if a == b || len(a) != 3+32 || !strings.HasPrefix(a, "sk_") {
		t.Errorf("secrets %q and %q", a, b)
	}
}

func TestUseIsCountedAndPeekIsNot(t *testing.T) {
	v := NewVault()
	if err := v.Add("TOKEN=some-value"); err != nil {
		t.Fatal(err)
	}
	v.Use("TOKEN")
	v.Use("TOKEN")
	v.Peek("TOKEN")
	if got := v.Use("NONE"); got != "" {
		t.Errorf("a secret that is not there is %q", got)
	}
	if report := v.Report(); len(report) != 1 || report[0].Used != 2 || report[0].Revealed != 0 || report[0].Where == nil {
		t.Errorf("report %+v", report)
	}
}
