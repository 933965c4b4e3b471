package worker

import (
	"time"

	"encoding/json"

	"sealedroom/engine/isolate"
	"sealedroom/engine/wire"
)

func capabilities(guest wire.Run) []isolate.Capability {
	var out []isolate.Capability
	for _, c := range guest.Capabilities {
		out = append(out, isolate.Capability(c))
	}
	return out
}

// Console and Blocked, with Call, make the worker the isolate's Watcher.
func (w *worker) Console(line isolate.Console) { w.log.Console(line) }

// Blocked notes an attempt at a door.
func (w *worker) Blocked(attempt isolate.Blocked) { w.log.Blocked(attempt) }

// Translated notes that the guest is written in another language.
func (w *worker) Translated(language string, took time.Duration) { w.log.Translated(language, took) }

// Call asks the host and waits for its answer. A host that ends the run
// answers too.
func (w *worker) Call(call isolate.Call) string {
	err := w.writer.Send(wire.KindCall, wire.Call{
		At: w.log.since(isolate.Now()), Capability: call.Capability, Method: call.Method, Args: call.Args,
		Code: call.Code, Why: call.Why,
		Line: call.At.Line, Column: call.At.Column,
	})
	if err != nil {
		return closed
	}
	kind, body, err := w.forRoom.Next()
	if err != nil || kind != wire.KindAnswer {
		return closed
	}
	return answerFor(body)
}

// closed answers a guest whose run is over.
const closed = `{"error":{"name":"Error","code":"closed","message":"the teller window is closed"}}`

// answerFor is the host's answer as the prelude reads it.
func answerFor(body []byte) string {
	var answer wire.Answer
	if wire.Decode(wire.KindAnswer, body, &answer) != nil {
		return closed
	}
	if answer.Error == nil {
		return `{"value":` + answer.JSON + `}`
	}
	text, err := json.Marshal(map[string]any{"error": map[string]string{
		"name": answer.Error.Name, "code": answer.Error.Code, "message": answer.Error.Message,
	}})
	if err != nil {
		return closed
	}
	return string(text)
}
