// The teller window: the guest's side of the bridge.

// Arguments are copied once, to JSON, before anything of them reaches the
// host. What is not plain data is refused here, at the guest's expense: the host
// gets the reason and makes the error. It has the same bounds (bridge/args.go),
// so that one limit has one text.
const MAX_ARGUMENTS = 64 * 1024, MAX_NODES = 4096, MAX_DEPTH = 16;
const MAX_KEY = 40, MAX_PATH = 200;

// refuse ends a call whose arguments cannot be copied. The codes are those of
// bridge/errors.go.
const refuse = (copying, code, why) => {
  const message = copying.capability + '.' + copying.method + ': ' + why;
  if (copying.decline !== undefined) takeAnswer(copying.decline(copying.method, code, message)); // which throws
  throw coded(new TypeError(message), code);
};

const refuseValue = (copying, why) => refuse(copying, 'type', placeOf(copying) + ' ' + why);
const refuseCount = copying => refuse(copying, 'too_large', 'the arguments hold more than ' + MAX_NODES + ' values');

const withArticle = name => (indexOf('AEIOaeio', name[0]) >= 0 ? 'an ' : 'a ') + name;

// placeOf says which value is at fault: "argument 1", or "args[0].when" for one
// inside of it.
function placeOf(copying) {
  const depth = copying.open.length;
  if (depth === 0) return 'argument ' + (copying.index + 1);
  let text = 'args[' + copying.index + ']';
  for (let i = 0; i < depth; i++) {
    if (text.length > MAX_PATH) return text + '…';
    const key = copying.keys[i];
    if (typeof key === 'number') text += '[' + key + ']';
    else if (typeof key === 'symbol') text += '[symbol]';
    else if (isName(key)) text += '.' + key;
    else text += '[' + stringify(clip(key, MAX_KEY)) + (key.length > MAX_KEY ? '…]' : ']');
  }
  return text;
}

// isName reports whether a key can stand behind a dot. Only ASCII counts, and
// short keys.
function isName(key) {
  if (key === '' || key.length > MAX_KEY) return false;
  for (let i = 0; i < key.length; i++) {
    const c = charCodeAt(key, i);
    const letter = c >= 97 && c <= 122 || c >= 65 && c <= 90 || c === 95 || c === 36;
    if (!letter && (i === 0 || c < 48 || c > 57)) return false;
  }
  return true;
}

function copyText(value, copying) {
  if (value.length > copying.left) refuse(copying, 'too_large', 'the arguments have more than ' + MAX_ARGUMENTS + ' characters');
  if (!isWellFormed(value)) refuse(copying, 'invalid', placeOf(copying) + ' has a lone surrogate (half of a character, such as \\ud800), which is no text: toWellFormed() replaces it');
  copying.left -= value.length;
  return stringify(value);
}

function copy(value, copying) {
  if (++copying.nodes > MAX_NODES) refuseCount(copying);
  switch (typeof value) {
    case 'string': return copyText(value, copying);
    case 'number':
      if (!isFinite(value)) refuseValue(copying, 'is ' + value + ', a finite number was expected');
      return '' + value;
    case 'boolean': return value ? 'true' : 'false';
    case 'undefined': return 'null';
    case 'bigint': refuseValue(copying, 'is a BigInt, plain data was expected: pass a number or text');
    case 'symbol': refuseValue(copying, 'is a symbol, plain data was expected');
    case 'function': refuseValue(copying, 'is a function, plain data was expected');
  }
  if (value === null) return 'null';
  const kind = native.kind(value);
  if (kind === PROXY) refuseValue(copying, 'is a proxy, plain data was expected');
  const array = isArray(value), prototype = getPrototypeOf(value);
  if (kind !== 0) refuseValue(copying, 'is ' + withArticle(clip(className(value, 'Object'), MAX_KEY)) + ', plain data was expected');
  if (!array && prototype !== ObjectPrototype && prototype !== null) refuseValue(copying, 'is an object of a class, plain data was expected');
  for (let i = 0; i < copying.open.length; i++) {
    if (copying.open[i] === value) refuseValue(copying, 'contains itself');
  }
  if (copying.open.length >= MAX_DEPTH) refuse(copying, 'too_large', 'the arguments nest deeper than ' + MAX_DEPTH + ' levels');
  put(copying.open, value);
  const text = array ? copyArray(value, copying) : copyObject(value, copying);
  copying.open.length--;
  return text;
}

function copyProperty(property, copying) {
  if (!hasOwn(property, 'value')) refuseValue(copying, 'has a getter, plain data was expected');
  return copy(property.value, copying);
}

function copyArray(value, copying) {
  const length = own(value, 'length'), level = copying.open.length - 1;
  if (length > MAX_NODES) refuseCount(copying);
  let text = '';
  for (let i = 0; i < length; i++) {
    copying.keys[level] = i;
    const property = getOwnPropertyDescriptor(value, i);
    // A hole counts, too: it is written out.
    text += (i > 0 ? ',' : '') + (property === undefined ? copy(undefined, copying) : copyProperty(property, copying));
  }
  return '[' + text + ']';
}

function copyObject(value, copying) {
  const names = ownKeys(value), level = copying.open.length - 1;
  if (names.length > MAX_NODES) refuseCount(copying);
  let text = '';
  for (let i = 0; i < names.length; i++) {
    const key = names[i], property = getOwnPropertyDescriptor(value, key);
    copying.keys[level] = key;
    if (typeof key === 'symbol') refuseValue(copying, 'is a property whose key is a symbol, plain data was expected');
    if (!property.enumerable || hasOwn(property, 'value') && property.value === undefined) continue;
    text += (text === '' ? '' : ',') + copy(key, copying) + ':' + copyProperty(property, copying);
  }
  return '{' + text + '}';
}

const coded = (error, code) =>
  defineProperty(error, 'code', { __proto__: null, value: code, writable: true, enumerable: false, configurable: true }) && error;

// takeAnswer returns the host's answer, or throws its error: made here, so that
// it is of the guest's own realm.
function takeAnswer(text) {
  const answer = parse(text), refusal = own(answer, 'error');
  if (refusal === undefined) return own(answer, 'value');
  const message = own(refusal, 'message');
  throw coded(own(refusal, 'name') === 'TypeError' ? new TypeError(message) : new Error(message), own(refusal, 'code'));
}

// ask makes one function of a capability. through takes its name and arguments
// to who answers; decline, if any, takes there why a call is refused here.
function ask(capability, name, through, decline) {
  const teller = { [name](...args) {
    let count = args.length, text = '';
    while (count > 0 && args[count - 1] === undefined) count--;
    // keys are where the copy is, a key for each open object.
    const copying = { __proto__: null, capability, method: name, decline, index: 0, nodes: 0, left: MAX_ARGUMENTS, open: list(), keys: list() };
    for (let i = 0; i < count; i++) {
      copying.index = i;
      text += (i > 0 ? ',' : '') + copy(args[i], copying);
    }
    return takeAnswer(through(name, '[' + text + ']'));
  } }[name];
  return freeze(teller);
}

function openTellers(granted) {
  const names = keysOf(granted);
  for (let i = 0; i < names.length; i++) {
    const capability = names[i], facade = create(null), methods = granted[capability];
    const through = (name, args) => native.call(capability, name, args);
    const decline = (name, code, why) => native.refuse(capability, name, code, why);
    for (let j = 0; j < methods.length; j++) facade[methods[j]] = ask(capability, methods[j], through, decline);
    provide(capability, facade);
  }
}

const provide = (name, facade) => defineProperty(globalThis, name, { __proto__: null, value: freeze(facade), writable: false, enumerable: true, configurable: false });

// openHands gives the guest what code that broke out of V8 would have.
function openHands(names, targets) {
  const facade = create(null);
  for (let i = 0; i < names.length; i++) facade[names[i]] = ask('native', names[i], native.hand);
  facade.targets = freeze(setPrototypeOf(targets, null));
  provide('native', facade);
}
