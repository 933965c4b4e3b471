// What the host calls.

const typeOf = value => {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  if (native.kind(value) === PROXY) return 'proxy';
  return isArray(value) ? 'array' : native.kind(value) === ERROR ? 'error' : 'object';
};

// ---- what was thrown ----

// Of an error, its causes are described too.
const MAX_ERRORS = 24, ERROR_DEPTH = 5, MAX_PROPERTIES = 16, PROPERTY_TEXT = 200;

// describeThrown is what isolate.Error reads. budget is what is left for all
// messages together.
function describeThrown(value, budget, depth) {
  budget.errors--;
  const type = typeOf(value), out = { __proto__: null, type, name: '', message: '' };
  if (type !== 'error') {
    const text = typeof value === 'string' ? clip(value, budget.left) : clip(inspect(value, walk(budget.left, DEEP)), budget.left);
    budget.left = max(0, budget.left - text.length);
    out.message = text;
    return out;
  }
  const name = inherited(value, 'name');
  out.name = typeof name === 'string' ? clip(name, 200) : 'Error';
  out.message = clip(errorMessage(value), budget.left);
  budget.left = max(0, budget.left - out.message.length);
  if (depth > 0) out.stack = clip(native.stack(value), 2000);
  const code = inherited(value, 'code');
  if (typeof code === 'string') out.code = clip(code, PROPERTY_TEXT);
  else if (typeof code === 'number') out.code = '' + code;
  const errors = own(value, 'errors'), aggregate = isArray(errors) && native.kind(errors) !== PROXY;
  tellProperties(value, out, budget, aggregate);
  if (depth >= ERROR_DEPTH) return out;
  const cause = getOwnPropertyDescriptor(value, 'cause');
  if (cause !== undefined && budget.errors > 0) out.cause = describePart(cause, budget, depth);
  if (!aggregate) return out;
  const length = own(errors, 'length'), parts = list();
  let i = 0;
  for (; i < length && budget.errors > 0; i++) {
    const property = getOwnPropertyDescriptor(errors, i);
    if (property !== undefined) put(parts, describePart(property, budget, depth));
  }
  out.errors = parts;
  if (i < length) out.more = length - i;
  return out;
}

const describePart = (property, budget, depth) => (hasOwn(property, 'value') ? describeThrown(property.value, budget, depth + 1) :
  { __proto__: null, type: 'accessor', name: '', message: '[Getter]' });

// Own data of an error besides what every error has, status say.
function tellProperties(value, out, budget, aggregate) {
  const names = ownKeys(value), parts = list();
  for (let i = 0; i < names.length && parts.length < MAX_PROPERTIES && budget.left > 0; i++) {
    const key = names[i], property = getOwnPropertyDescriptor(value, key);
    if (typeof key !== 'string' || property === undefined || !property.enumerable) continue;
    if (key === 'name' || key === 'message' || key === 'stack' || key === 'cause') continue;
    if (key === 'code' && out.code !== undefined || key === 'errors' && aggregate) continue;
    const text = clip(shape(property, walk(PROPERTY_TEXT, 0)), PROPERTY_TEXT);
    budget.left = max(0, budget.left - text.length - key.length);
    put(parts, { __proto__: null, name: clip(key, 100), value: text });
  }
  if (parts.length > 0) out.properties = parts;
}

// An error's message as far as it is data; a getter is not asked.
function errorMessage(error) {
  let object = error;
  for (let depth = 0; object !== null && depth < 100 && native.kind(object) !== PROXY; depth++) {
    const property = getOwnPropertyDescriptor(object, 'message');
    if (property === undefined) { object = getPrototypeOf(object); continue; }
    if (!hasOwn(property, 'value')) return '[Getter: the message of ' + className(error, 'Error') + ' is made by code, which is not run for this report]';
    return typeof property.value === 'string' ? property.value : inspect(property.value, walk(LINE, DEEP));
  }
  return '';
}

// asyncFrames are the awaits that led to where an error was made: V8's other
// way to a stack leaves them out.
function asyncFrames(sites) {
  let text = '';
  for (let i = 0; i < sites.length; i++) {
    const site = sites[i];
    if (!frameIsAsync(site)) continue;
    const script = frameScript(site);
    const where = frameIsAll(site) ? 'index ' + frameIndex(site) :
      frameIsEval(site) || typeof script !== 'string' ? '<eval>:' + frameLine(site) + ':' + frameColumn(site) :
      clip(script, 200) + ':' + native.place(frameLine(site), frameColumn(site));
    const name = frameIsAll(site) ? 'Promise.all' : frameFunction(site);
    text += (text === '' ? '' : '\n') + '    at async ' + (typeof name === 'string' && name !== '' ? oneLine(clip(name, 200)) + ' (' + where + ')' : where);
  }
  return text;
}

// A name stays on its line: no guest can add frames to a stack.
function oneLine(text) {
  let out = '';
  for (let i = 0; i < text.length; i++) out += charCodeAt(text, i) < 32 ? ' ' : text[i];
  return out;
}

return freeze({
  __proto__: null,

  // Before the guest runs: open what was asked for.
  open(wasm, shared, timers, tellers, hands, targets) {
    if (wasm && WebAssembly !== undefined) expose('WebAssembly', WebAssembly);
    if (shared) {
      expose('SharedArrayBuffer', SharedArrayBuffer);
      defineProperty(SharedArrayBuffer.prototype, 'constructor', { __proto__: null, value: SharedArrayBuffer, writable: true, enumerable: false, configurable: true });
    }
    if (wasm || shared) openWaits();
    if (timers) openTimers();
    openTellers(parse(tellers));
    hands = parse(hands);
    if (hands !== null) openHands(hands, parse(targets));
  },

  fire(id) {
    const timer = mapGet(waiting, id);
    if (timer === undefined) return;
    if (!timer.repeats) mapDelete(waiting, id);
    apply(timer.callback, undefined, timer.args);
  },

  // bytes are of the whole, where that is known: of a string.
  result(value, limit) {
    const type = typeOf(value);
    if (type === 'string') {
      return stringify({ __proto__: null, type, preview: clip(value, limit), bytes: native.size(value), truncated: value.length > limit });
    }
    const state = walk(limit, type === 'object' || type === 'array' ? 8 : DEEP, true);
    const text = inspect(value, state);
    return stringify({
      __proto__: null, type, preview: clip(text, limit), bytes: 0, truncated: state.cut || text.length > limit,
      tree: tree(value, limit, TREE_NODES),
    });
  },

  sweep: sweepWaits,
  stack: stackGetter,

  // sites are an error's frames, of one whose stack was not asked for before.
  thrown(value, limit, sites) {
    const described = describeThrown(value, { __proto__: null, left: limit, errors: MAX_ERRORS }, 0);
    if (sites !== undefined) described.stack = asyncFrames(sites);
    return stringify(described);
  },
});
