package bridge

import "context"

// journal is what the host logs about the call that it is answering.
type journal struct{ text string }

type journalKey struct{}

// Log says in the host's log what a capability did for the call whose context
// this is. It stands in Answer.Logged where the call is allowed. What comes from
// the guest must be quoted in it, and no secret may.
func Log(ctx context.Context, text string) {
	if j, ok := ctx.Value(journalKey{}).(*journal); ok {
		j.text = clip(text, maxLogged)
	}
}
