// Package presets is what the app offers ready-made: scenarios and lessons, and
// the limits of real platforms.
//
// A scenario is one Markdown file: catalogue entry, lesson and regression test
// at once. Start reading at Scenario (scenario.go). A file is read by Parse
// (parse.go, front.go), its text is cut into harmless pieces for a renderer
// (blocks.go), Check (check.go) runs scenarios and holds what happened against
// what each says must happen (expect.go). The built-in set is in lessons/ and
// catalog/ (library.go).
//
// # The file
//
// YAML front matter between two lines of ---, then Markdown. The guest is the
// first fenced block marked js (or javascript); a later block marked "js NAME" is another
// guest, which a link can put into the editor. Every key but title is
// optional:
//
//	title: Steal the vault password
//	group: Teller window        # one of Groups, or a name of your own
//	level: 2                    # 1 learner … 3 trainer
//	lesson: 9                   # its place in the lesson path, from 1
//	limits: {memory: 64MB, wall: 500ms, cpu: 0, calls: 0, output: 64KB, result: 1MB}
//	switches: {eval: true, wasm: true, shared-memory: true, timers: true, no-jit: true, no-opt: true, seed: 7}
//	grants: {db: naive}         # off, hardened or naive, of what can be granted
//	ask-first: {db: deny}       # pause before each call for a person; check answers allow, deny or always
//	native: true                # the guest gets native hands, against all walls
//	secrets: [CUSTOMER]         # more secrets, made fresh for each run
//	expect: …                   # what must happen, see below
//	predict:                    # questions to answer before pressing Run
//	  - ask: What comes back?
//	    choices: [30, undefined, an error]
//	    right: 30
//	    why: The last expression is the result.
//	fix:                        # find it, fix it: the right choice mends it
//	  ask: Which change stops this?
//	  choices:
//	    - {say: Escape the quotes, why: There are none.}
//	    - {say: Grant tables, set: grant.db=hardened}
//	  right: Grant tables
//	  holds: {outcome: exception, revealed: []}
//	goals:                      # done when runs have shown the evidence of each
//	  - goal: Let the guest finish.
//	    hint: Which limit stopped it?
//	    evidence: {outcome: ok}
//	    by: wall=3s             # one way there, as in links
//	sources:                    # public ones; an address may follow the name
//	  - isolated-vm README https://github.com/laverdet/isolated-vm
//
// What must happen (expect, evidence, holds):
//
//	outcome: timeout            # required in expect; [timeout, exceededCpu]: either
//	limit: wall                 # the limit that was hit
//	killed: true                # whether the worker had to be killed
//	result: "30"                # the result's preview has this text
//	value: at least 1000        # the result is a number in this range
//	type: number                # the result's type
//	error: RangeError           # the error's name
//	message: call stack         # the error's message has this text
//	phase: compile              # compile, run or rejection
//	line: 3                     # of the error
//	console: [one, two]         # lines that have these texts, in this order
//	printed: 3+                 # how many lines the console has
//	blocked: [process, eval]    # exactly these doors were tried
//	blocked: {process: 1+}      # these doors this often, whatever else was tried
//	calls: {db.query: 2}        # exactly these calls, of those that reached the host
//	calls: {db.query: 1+, others: any} # or: others, too
//	allowed: {http.get: 1+}     # of these calls so many were allowed, …
//	denied: {http.get: 1+}      # … denied by policy, …
//	failed: {http.get: 0}       # … failed on the host
//	used: [DB_PASSWORD]         # exactly these secrets were used
//	used: {DB_PASSWORD: 1+}     # these secrets this often, whatever of others
//	revealed: [CUSTOMER_KEY]    # exactly these secrets left the vault
//	revealed: {CUSTOMER_KEY: 1+} # these secrets, whatever of others
//	held: {open: 1+, read by seccomp: 1} # attempts of native hands that were refused, …
//	fell: {open: 0}             # … and that worked; others are ignored
//	collections: 3              # at least this many garbage collections
//	collections: {mark-compact: 3+} # of these kinds
//	took: {wall: at least 500ms, cpu: at most 100ms}
//	peak: {heap: at most 4MB, external: at least 7MB, process: at most 64MB}
//	with: no-jit=on             # it ran with this, written as links are; or
//	with: {memory: at least 48MB, wall: 1s to 5s, grant.db: hardened, eval: off}
//
// A count is 2, 2+ for two or more, or any. A range is a value, "at least
// VALUE", "at most VALUE" or "VALUE to VALUE". A goal is best held to what
// happened: outcome, calls, decisions, secrets and ranges. A result's text or
// one exact limit refuses other right answers.
//
// # Rooms
//
// A scenario may run several guests side by side, 2 to 9 of them, each in a room
// of its own:
//
//	rooms:
//	  - name: steady            # small letters, digits and hyphens
//	  - name: leaking
//	    code: leak              # a block marked "js leak"; without, the guest
//	    limits: {memory: 32MB}  # with switches and grants: what the room changes
//	    expect: {outcome: exceededMemory} # without, the scenario's own
//
// The first room is the scenario's own guest, as the head has it: it has a name
// and expect only. The window opens that one; check and run run all of them at
// once. Goals and the fix are about a guest that runs alone.
//
// # Links
//
// [text](set:wall=3s) is a thing to try: it changes what the next run is made
// of, and runs nothing. The keys are those of limits and switches (on or off),
// grant.NAME, ask.NAME (on or off), profile, code, whose value names a block, or
// is "original", and room, whose value names a room and brings all that it runs;
// several are joined by &. [text](show:vault) points at a part of the window, one
// of Parts; [text](scenario:NAME) leads to another scenario. Web addresses are
// https only and are never fetched. HTML and images stay text. A link of the
// first three kinds that leads nowhere is a warning when the file is loaded, and
// a difference to check.
//
// A file is data. Opening one never runs it.
package presets
