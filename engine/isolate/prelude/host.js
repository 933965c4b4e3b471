// What the host calls.

const typeOf = value => {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (native.kind(value) === PROXY) return 'proxy';
  return isArray(value) ? 'array' : native.kind(value) === ERROR ? 'error' : 'object';
};

return freeze({
  __proto__: null,

  // Before the guest runs: open what was asked for.
  open(wasm, shared, timers, tellers) {
    if (wasm && WebAssembly !== undefined) expose('WebAssembly', WebAssembly);
    if (shared) {
      expose('SharedArrayBuffer', SharedArrayBuffer);
      defineProperty(SharedArrayBuffer.prototype, 'constructor', { __proto__: null, value: SharedArrayBuffer, writable: true, enumerable: false, configurable: true });
    }
    if (timers) openTimers();
    openTellers(parse(tellers));
  },

  fire(id) {
    const timer = mapGet(waiting, id);
    if (timer === undefined) return;
    if (!timer.repeats) mapDelete(waiting, id);
    apply(timer.callback, undefined, timer.args);
  },

  result(value, limit) {
    const type = typeOf(value);
    if (type === 'string') {
      return stringify({ __proto__: null, type, preview: clip(value, limit), bytes: value.length, truncated: value.length > limit });
    }
    const state = walk(limit, type === 'object' || type === 'array' ? 8 : DEEP);
    const text = inspect(value, state);
    return stringify({
      __proto__: null, type, preview: clip(text, limit), bytes: text.length, truncated: state.cut || text.length > limit,
      tree: tree(value, limit, TREE_NODES),
    });
  },

  thrown(value, limit) {
    const type = typeOf(value);
    if (type === 'error') {
      const name = inherited(value, 'name'), message = inherited(value, 'message');
      return stringify({
        __proto__: null, type,
        name: typeof name === 'string' ? clip(name, 200) : 'Error',
        message: typeof message === 'string' ? clip(message, limit) : '',
      });
    }
    const text = typeof value === 'string' ? clip(value, limit) : clip(inspect(value, walk(limit, DEEP)), limit);
    return stringify({ __proto__: null, type, name: '', message: text });
  },
});
