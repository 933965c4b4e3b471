// Package catalog lists every capability, in the order in which people see
// them. Adding a capability is adding its package and one line here.
package catalog

import (
	"sealedroom/engine/bridge"
	"sealedroom/engine/bridge/db"
	"sealedroom/engine/bridge/files"
	"sealedroom/engine/bridge/http"
	"sealedroom/engine/bridge/kv"
)

// Kinds returns what can be granted.
func Kinds() []bridge.Kind {
	return []bridge.Kind{db.Kind(), http.Kind(), files.Kind(), kv.Kind()}
}
