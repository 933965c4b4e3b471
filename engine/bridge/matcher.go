package bridge

// matcher finds many texts at once in a stream, in linear time and with one
// number of state: the automaton of Aho and Corasick, kept sparse because most
// of its nodes have a single child. Capital and small ASCII letters are the
// same to it.
type matcher struct {
	root  [256]int32 // children of node 0, which nearly every byte looks at
	nodes []node
	hits  map[int32][]hit
}

type node struct {
	child, sibling int32 // 0: none
	fail           int32 // the longest other beginning that also fits here
	ending         int32 // the next shorter text that also ends here; 0: none
	char           byte
	final          bool // a text ends exactly here
}

// hit says that a text of a secret ended.
type hit struct {
	secret int
	form   Form
}

func newMatcher() *matcher {
	return &matcher{nodes: make([]node, 1), hits: map[int32][]hit{}}
}

// add takes in a text; not after build.
func (m *matcher) add(text string, h hit) {
	at := int32(0)
	for i := range len(text) {
		char := fold(text[i])
		next := m.child(at, char)
		if next == 0 {
			next = int32(len(m.nodes))
			m.nodes = append(m.nodes, node{char: char})
			if at == 0 {
				m.root[char] = next
			} else {
				m.nodes[next].sibling = m.nodes[at].child
				m.nodes[at].child = next
			}
		}
		at = next
	}
	m.nodes[at].final = true
	m.hits[at] = append(m.hits[at], h)
}

// build links every node to where reading goes on when it has no fitting
// child, nearest to the root first.
func (m *matcher) build() {
	queue := make([]int32, 0, len(m.nodes))
	for _, first := range m.root {
		if first != 0 {
			queue = append(queue, first)
		}
	}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		for next := m.nodes[at].child; next != 0; next = m.nodes[next].sibling {
			fail := m.step(m.nodes[at].fail, m.nodes[next].char)
			m.nodes[next].fail = fail
			m.nodes[next].ending = m.nodes[fail].ending
			if m.nodes[fail].final {
				m.nodes[next].ending = fail
			}
			queue = append(queue, next)
		}
	}
}

func (m *matcher) child(at int32, char byte) int32 {
	if at == 0 {
		return m.root[char]
	}
	next := m.nodes[at].child
	for next != 0 && m.nodes[next].char != char {
		next = m.nodes[next].sibling
	}
	return next
}

// step reads one folded byte in state at and returns the next state.
func (m *matcher) step(at int32, char byte) int32 {
	for at != 0 {
		if next := m.child(at, char); next != 0 {
			return next
		}
		at = m.nodes[at].fail
	}
	return m.root[char]
}

// ends reports whether a text ends in state at.
func (m *matcher) ends(at int32) bool { return m.nodes[at].final || m.nodes[at].ending != 0 }

// ended calls found for every text that ends in state at.
func (m *matcher) ended(at int32, found func(hit)) {
	if !m.nodes[at].final {
		at = m.nodes[at].ending
	}
	for ; at != 0; at = m.nodes[at].ending {
		for _, h := range m.hits[at] {
			found(h)
		}
	}
}

func fold(char byte) byte {
	if 'A' <= char && char <= 'Z' {
		return char + ('a' - 'A')
	}
	return char
}
