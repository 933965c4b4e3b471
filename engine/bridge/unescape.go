package bridge

// unescaper undoes percent and backslash escapes in a stream, a byte at a
// time: %73, \x73, \u0073 and \" each give the byte that they stand for. What
// only looks like an escape stays as it is. No secret holds a byte beyond
// ASCII, so one such stands for all of them.
type unescaper struct {
	held [6]byte // an escape's beginning
	n    int
}

const beyondASCII = 0x80

// idle says that no escape has begun.
func (u *unescaper) idle() bool { return u.n == 0 }

// read takes one byte and calls out for each byte that is now known.
func (u *unescaper) read(b byte, out func(byte)) {
	if u.n == 0 {
		if b == '%' || b == '\\' {
			u.held[0], u.n = b, 1
		} else {
			out(b)
		}
		return
	}
	digits, first := 2, 1 // %XX
	if u.held[0] == '\\' {
		if u.n == 1 {
			u.backslashed(b, out)
			return
		}
		first = 2 // \xXX, \uXXXX
		if u.held[1] == 'u' {
			digits = 4
		}
	}
	if _, ok := hexDigit(b); !ok {
		held, n := u.held, u.n
		u.n = 0
		for _, h := range held[:n] {
			out(h)
		}
		u.read(b, out)
		return
	}
	u.held[u.n] = b
	if u.n++; u.n < first+digits {
		return
	}
	value := 0
	for _, h := range u.held[first:u.n] {
		d, _ := hexDigit(h)
		value = value<<4 | d
	}
	u.n = 0
	out(byte(min(value, beyondASCII)))
}

// backslashed reads the byte after a backslash.
func (u *unescaper) backslashed(b byte, out func(byte)) {
	switch b {
	case 'x', 'u':
		u.held[1], u.n = b, 2
		return
	case 'n', 'r', 't', 'b', 'f':
		b = '\n' // any control character: no secret holds one
	}
	u.n = 0
	out(b)
}

func hexDigit(b byte) (int, bool) {
	switch {
	case '0' <= b && b <= '9':
		return int(b - '0'), true
	case 'a' <= b && b <= 'f':
		return int(b-'a') + 10, true
	case 'A' <= b && b <= 'F':
		return int(b-'A') + 10, true
	}
	return 0, false
}
