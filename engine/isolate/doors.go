package isolate

// doors are names that other hosts provide. Reading one as a property of
// globalThis counts as trying its door; any missing name does when it stands
// by itself.
var doors = map[string]bool{
	"process": true, "require": true, "module": true, "exports": true, "__dirname": true, "__filename": true,
	"global": true, "Buffer": true,
	"fs": true, "net": true, "http": true, "https": true, "os": true, "child_process": true, "path": true,
	"vm": true, "worker_threads": true,
	"fetch": true, "XMLHttpRequest": true, "WebSocket": true, "EventSource": true, "Worker": true,
	"SharedWorker": true, "importScripts": true, "postMessage": true, "BroadcastChannel": true, "MessageChannel": true,
	"window": true, "self": true, "document": true, "navigator": true, "location": true, "localStorage": true,
	"sessionStorage": true, "indexedDB": true, "caches": true, "crypto": true, "performance": true,
	"Deno": true, "Bun": true, "WebAssembly": true, "SharedArrayBuffer": true,
	"setTimeout": true, "setInterval": true, "setImmediate": true, "clearTimeout": true, "clearInterval": true,
	"queueMicrotask": true, "structuredClone": true, "db": true, "files": true, "kv": true,
}
