// The teller window: the guest's side of the bridge.

// Arguments are copied once, to JSON, before anything of them reaches the
// host. What is not plain data is refused here, at the guest's expense.
const MAX_ARGUMENTS = 64 * 1024, MAX_NODES = 10_000, MAX_DEPTH = 32;

const refuse = (copying, why) => {
  throw new TypeError(copying.call + ': argument ' + (copying.index + 1) + ' ' + why);
};

const withArticle = name => (indexOf('AEIOUaeiou', name[0]) >= 0 ? 'an ' : 'a ') + name;

function copy(value, copying) {
  if (++copying.nodes > MAX_NODES) refuse(copying, 'has too many parts: at most ' + MAX_NODES);
  switch (typeof value) {
    case 'string':
      if (value.length > copying.left) refuse(copying, 'is too long: all arguments together have at most ' + MAX_ARGUMENTS + ' characters');
      copying.left -= value.length;
      return stringify(value);
    case 'number':
      if (!isFinite(value)) refuse(copying, 'is ' + value + ', a finite number was expected');
      return '' + value;
    case 'boolean': return value ? 'true' : 'false';
    case 'undefined': return 'null';
    case 'bigint': refuse(copying, 'is a BigInt, plain data was expected: pass a number or text');
    case 'symbol': refuse(copying, 'is a symbol, plain data was expected');
    case 'function': refuse(copying, 'is a function, plain data was expected');
  }
  if (value === null) return 'null';
  const kind = native.kind(value);
  if (kind === PROXY) refuse(copying, 'is a proxy, plain data was expected');
  const array = isArray(value), prototype = getPrototypeOf(value);
  if (kind !== 0) refuse(copying, 'is ' + withArticle(className(value, 'Object')) + ', plain data was expected');
  if (!array && prototype !== ObjectPrototype && prototype !== null) refuse(copying, 'is an object of a class, plain data was expected');
  for (let i = 0; i < copying.open.length; i++) {
    if (copying.open[i] === value) refuse(copying, 'contains itself');
  }
  if (copying.open.length >= MAX_DEPTH) refuse(copying, 'is nested too deep: at most ' + MAX_DEPTH + ' levels');
  put(copying.open, value);
  const text = array ? copyArray(value, copying) : copyObject(value, copying);
  copying.open.length--;
  return text;
}

function copyProperty(property, copying) {
  if (!hasOwn(property, 'value')) refuse(copying, 'has a getter, plain data was expected');
  return copy(property.value, copying);
}

function copyArray(value, copying) {
  const length = own(value, 'length');
  if (length > MAX_NODES) refuse(copying, 'has too many parts: at most ' + MAX_NODES);
  let text = '';
  for (let i = 0; i < length; i++) {
    const property = getOwnPropertyDescriptor(value, i);
    // A hole counts, too: it is written out.
    text += (i > 0 ? ',' : '') + (property === undefined ? copy(undefined, copying) : copyProperty(property, copying));
  }
  return '[' + text + ']';
}

function copyObject(value, copying) {
  const names = ownKeys(value);
  if (names.length > MAX_NODES) refuse(copying, 'has too many parts: at most ' + MAX_NODES);
  let text = '';
  for (let i = 0; i < names.length; i++) {
    const key = names[i], property = getOwnPropertyDescriptor(value, key);
    if (typeof key === 'symbol') refuse(copying, 'has a key that is a symbol, plain data was expected');
    if (!property.enumerable || hasOwn(property, 'value') && property.value === undefined) continue;
    text += (text === '' ? '' : ',') + copy(key, copying) + ':' + copyProperty(property, copying);
  }
  return '{' + text + '}';
}

// ask makes one function of a capability. through takes its name and arguments
// to who answers.
function ask(capability, name, through) {
  const teller = { [name](...args) {
    let count = args.length, text = '';
    while (count > 0 && args[count - 1] === undefined) count--;
    const copying = { __proto__: null, call: capability + '.' + name, index: 0, nodes: 0, left: MAX_ARGUMENTS, open: list() };
    for (let i = 0; i < count; i++) {
      copying.index = i;
      text += (i > 0 ? ',' : '') + copy(args[i], copying);
    }
    const answer = parse(through(name, '[' + text + ']'));
    const refusal = own(answer, 'error');
    if (refusal === undefined) return own(answer, 'value');
    // Made here, so that it is an error of the guest's own realm.
    const message = own(refusal, 'message');
    const error = own(refusal, 'name') === 'TypeError' ? new TypeError(message) : new Error(message);
    defineProperty(error, 'code', { __proto__: null, value: own(refusal, 'code'), writable: true, enumerable: false, configurable: true });
    throw error;
  } }[name];
  return freeze(teller);
}

function openTellers(granted) {
  const names = keysOf(granted);
  for (let i = 0; i < names.length; i++) {
    const capability = names[i], facade = create(null), methods = granted[capability];
    const through = (name, args) => native.call(capability, name, args);
    for (let j = 0; j < methods.length; j++) facade[methods[j]] = ask(capability, methods[j], through);
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
