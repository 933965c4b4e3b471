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
// first fenced block marked js; a later block marked "js NAME" is another
// guest, which a link can put into the editor. Every key but title is
// optional:
//
//	title: Steal the vault password
//	group: Teller window        # one of Groups
//	level: 2                    # 1 learner … 3 trainer
//	lesson: 9                   # its place in the lesson path, from 1
//	limits: {memory: 64MB, wall: 500ms, cpu: 0, calls: 0, output: 64KB, result: 1MB}
//	switches: {eval: true, wasm: true, shared-memory: true, timers: true, no-jit: true, seed: 7}
//	grants: {db: naive}         # off, hardened or naive, of what can be granted
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
//	outcome: timeout            # required in expect
//	limit: wall                 # the limit that was hit
//	killed: true                # whether the worker had to be killed
//	result: "30"                # the result's preview has this text
//	type: number                # the result's type
//	error: RangeError           # the error's name
//	message: call stack         # the error's message has this text
//	phase: compile              # compile, run or rejection
//	line: 3                     # of the error
//	console: [one, two]         # lines that have these texts, in this order
//	blocked: [process, eval]    # exactly these doors were tried
//	calls: {db.query: 2}        # exactly these calls; "2+" is two or more
//	used: [DB_PASSWORD]         # exactly these secrets were used
//	revealed: [CUSTOMER_KEY]    # exactly these secrets left the vault
//	collections: 3              # at least so many garbage collections
//	with: no-jit=on             # it ran under this: see below for what can be set
//
// # Links
//
// [text](set:wall=3s) is a thing to try: it changes what the next run is made
// of, and runs nothing. The keys are those of limits and switches (on or off),
// grant.NAME, profile, and code, whose value names a block, or is "original";
// several are joined by &. [text](show:vault) points at a part of the window,
// one of Parts; [text](scenario:NAME) leads to another scenario. Web addresses
// are https only and are never fetched. HTML and images stay text.
//
// A file is data. Opening one never runs it.
package presets
