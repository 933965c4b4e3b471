// Globals that V8 brings and the room leaves out.

// What sees missing names is behind the global, with a constructor of its own.
for (let behind = getPrototypeOf(globalThis); behind !== ObjectPrototype; behind = getPrototypeOf(behind)) {
  deleteProperty(behind, 'constructor');
}

// These V8 always has; the room has them only when asked. (With --jitless V8
// leaves WebAssembly out itself.)
deleteProperty(globalThis, 'WebAssembly');
deleteProperty(globalThis, 'SharedArrayBuffer');
// Else a shared WebAssembly.Memory would lead back to it.
deleteProperty(SharedArrayBuffer.prototype, 'constructor');
