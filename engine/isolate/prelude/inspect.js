// Previews: a value as text, without running any code of the guest's.

// As engine/isolate's kind() counts them.
const PROXY = 1, ERROR = 2, PROMISE = 3, MAP = 4, SET = 5, WEAK = 6, DATE = 7, REGEXP = 8,
  BUFFER = 9, SHARED_BUFFER = 10, TYPED_ARRAY = 11, BOXED_NUMBER = 12, BOXED_STRING = 13,
  BOXED_BOOLEAN = 14, BOXED_SYMBOL = 15, BOXED_BIGINT = 16, ARGUMENTS = 17;

const LINE = 10_000; // UTF-16 units of one console line
const MANY = 100; // elements, entries or keys of one object
const HOLES = 10_000;
const DEEP = 2; // as Node's console
const HUGE = 10n ** 300n;

// The start of a string. native.head never flattens a rope.
const clip = (text, size) => (text.length <= size ? text : native.head(text, size));

const quote = text => (text.length <= 1000 ? stringify(text) :
  stringify(native.head(text, 1000)) + '… (' + text.length + ' characters)');

function bigint(value) {
  if (value < HUGE && value > -HUGE) return bigintToString(value);
  return value < 0n ? '-(more than 300 digits)' : '(more than 300 digits)';
}

function symbol(value) {
  const description = symbolDescription(value);
  return 'Symbol(' + (description === undefined ? '' : clip(description, 200)) + ')';
}

// A data property's value, or undefined; never a getter's.
function own(object, key) {
  const property = getOwnPropertyDescriptor(object, key);
  return property !== undefined && hasOwn(property, 'value') ? property.value : undefined;
}

// A data property found along the prototypes, as far as no proxy is one of them.
function inherited(object, key) {
  for (let depth = 0; object !== null && depth < 100; depth++) {
    if (native.kind(object) === PROXY) return undefined;
    const property = getOwnPropertyDescriptor(object, key);
    if (property !== undefined) return hasOwn(property, 'value') ? property.value : undefined;
    object = getPrototypeOf(object);
  }
  return undefined;
}

function functionName(value) {
  const name = own(value, 'name');
  return typeof name === 'string' ? clip(name, 100) : '';
}

function className(object) {
  const prototype = getPrototypeOf(object);
  if (prototype === null) return '[Object: null prototype]';
  const constructor = inherited(object, 'constructor');
  if (typeof constructor !== 'function' || native.kind(constructor) === PROXY) return 'Object';
  return functionName(constructor) || 'Object';
}

function errorTitle(error) {
  const name = inherited(error, 'name'), message = inherited(error, 'message');
  const title = typeof name === 'string' ? clip(name, 200) : 'Error';
  if (typeof message !== 'string' || message === '') return title;
  return title + ': ' + clip(message, LINE);
}

// A walk over one value: how much text is left, how many holes of arrays may
// still be looked into, and which objects are open.
const walk = (budget, depth) => ({ __proto__: null, left: budget, holes: HOLES, depth, open: list(), cut: false });

function inspect(value, state) {
  const before = state.left;
  const text = inspectOnce(value, state);
  state.left = min(state.left, before - text.length);
  return text;
}

function inspectOnce(value, state) {
  switch (typeof value) {
    case 'string': return quote(value);
    case 'number': return is(value, -0) ? '-0' : '' + value;
    case 'bigint': return bigint(value) + 'n';
    case 'symbol': return symbol(value);
    case 'undefined': return 'undefined';
    case 'boolean': return value ? 'true' : 'false';
  }
  if (value === null) return 'null';
  const kind = native.kind(value);
  if (kind === PROXY) return typeof value === 'function' ? '[Proxy of a function]' : '[Proxy]';
  for (let i = 0; i < state.open.length; i++) {
    if (state.open[i] === value) return '[Circular ↻]';
  }
  const leaf = inspectLeaf(value, kind);
  if (state.open.length > state.depth || state.left <= 0) {
    if (state.left <= 0) state.cut = true;
    return leaf || (isArray(value) ? '[Array]' : '[' + className(value) + ']');
  }
  put(state.open, value);
  const text = inspectInside(value, kind, leaf, state);
  state.open.length--;
  return text;
}

// What needs no look inside, or the title of what has one.
function inspectLeaf(value, kind) {
  if (typeof value === 'function') {
    const isClass = slice(clip(functionToString(value), 6), 0, 5) === 'class';
    return (isClass ? '[class ' : '[Function: ') + (functionName(value) || '(anonymous)') + ']';
  }
  switch (kind) {
    case ERROR: {
      const stack = native.stack(value);
      return errorTitle(value) + (stack === '' ? '' : '\n' + stack);
    }
    case WEAK: return className(value) + ' { <items unknown> }';
    case DATE: return dateTime(value) === dateTime(value) ? dateToISOString(value) : 'Invalid Date';
    case REGEXP: {
      let text = '/' + clip(regExpSource(value), 1000) + '/';
      for (let i = 0; i < regExpFlags.length; i++) {
        if (regExpFlags[i].isSet(value)) text += regExpFlags[i].letter;
      }
      return text;
    }
    case BUFFER: return 'ArrayBuffer { byteLength: ' + arrayBufferLength(value) + ' }';
    case SHARED_BUFFER: return 'SharedArrayBuffer { byteLength: ' + sharedBufferLength(value) + ' }';
    case BOXED_NUMBER: return '[Number: ' + numberValue(value) + ']';
    case BOXED_STRING: return '[String: ' + quote(stringValue(value)) + ']';
    case BOXED_BOOLEAN: return '[Boolean: ' + booleanValue(value) + ']';
    case BOXED_SYMBOL: return '[Symbol: ' + symbol(symbolValue(value)) + ']';
    case BOXED_BIGINT: return '[BigInt: ' + bigint(bigintValue(value)) + 'n]';
  }
  return '';
}

function inspectInside(value, kind, leaf, state) {
  const parts = list();
  const add = text => { state.left -= 2; put(parts, text); };
  const more = count => { if (count > 0) add('… ' + count + ' more'); };
  const room = () => {
    if (state.left > 0) return true;
    state.cut = true;
    return false;
  };
  let title = '';
  let brackets = '{}';
  let keys = true;

  if (kind === PROMISE) {
    title = 'Promise ';
    const settled = native.promiseState(value);
    if (settled === 0) add('<pending>');
    else add((settled === 2 ? '<rejected> ' : '') + inspect(native.promiseResult(value), state));
  } else if (kind === MAP || kind === SET) {
    const size = kind === MAP ? mapSize(value) : setSize(value);
    title = (kind === MAP ? 'Map(' : 'Set(') + size + ') ';
    const iterator = kind === MAP ? mapEntries(value) : setValues(value);
    let shown = 0;
    for (; shown < MANY && shown < size && room(); shown++) {
      const step = kind === MAP ? mapNext(iterator) : setNext(iterator);
      if (step.done) break;
      if (kind === SET) add(inspect(step.value, state));
      else add(inspect(step.value[0], state) + ' => ' + inspect(step.value[1], state));
    }
    more(size - shown);
  } else if (kind === TYPED_ARRAY) {
    const length = typedArrayLength(value);
    title = typedArrayName(value) + '(' + length + ') ';
    brackets = '[]';
    keys = false;
    let shown = 0;
    for (; shown < MANY && shown < length && room(); shown++) {
      add('' + value[shown] + (typeof value[shown] === 'bigint' ? 'n' : ''));
    }
    more(length - shown);
  } else if (isArray(value) || kind === ARGUMENTS) {
    const claimed = own(value, 'length');
    const length = typeof claimed === 'number' ? claimed : 0;
    const name = isArray(value) ? className(value) : '[Arguments]';
    title = name === 'Array' ? '' : name === '[Arguments]' ? '[Arguments] ' : name + '(' + length + ') ';
    brackets = '[]';
    keys = length <= 1000;
    let next = 0, holes = 0;
    const flush = () => {
      if (holes > 0) add('<' + holes + ' empty item' + (holes > 1 ? 's' : '') + '>');
      holes = 0;
    };
    for (; next < length && parts.length < MANY && state.holes > 0 && room(); next++) {
      const property = getOwnPropertyDescriptor(value, next);
      if (property === undefined) { holes++; state.holes--; continue; }
      flush();
      add(shape(property, state));
    }
    flush();
    more(length - next);
  } else if (leaf !== '') {
    title = leaf + ' ';
  } else {
    const name = className(value);
    title = name === 'Object' ? '' : name + ' ';
  }

  // The characters of a string are keys too: a long one has too many to list.
  if (kind === BOXED_STRING && stringValue(value).length > 1000) keys = false;
  if (keys) {
    const names = ownKeys(value);
    let shown = 0;
    for (let i = 0; i < names.length; i++) {
      const key = names[i];
      const property = getOwnPropertyDescriptor(value, key);
      if (property === undefined || !property.enumerable && kind !== ERROR) continue;
      if (brackets === '[]' && typeof key === 'string' && isIndex(key)) continue;
      if (kind === BOXED_STRING && typeof key === 'string' && isIndex(key)) continue;
      if (kind === ERROR && (key === 'stack' || key === 'message' || key === 'name')) continue;
      if (shown === MANY || !room()) { more(names.length - i); break; }
      shown++;
      add((typeof key === 'symbol' ? '[' + symbol(key) + ']' : propertyName(key)) + ': ' + shape(property, state));
    }
  }
  if (parts.length === 0 && leaf !== '') return leaf;
  return title + layout(parts, brackets, state.open.length);
}

const shape = (property, state) => {
  if (hasOwn(property, 'value')) return inspect(property.value, state);
  return property.get === undefined ? '[Setter]' : property.set === undefined ? '[Getter]' : '[Getter/Setter]';
};

const isDigit = code => code >= 48 && code <= 57;

function isIndex(key) {
  for (let i = 0; i < key.length; i++) if (!isDigit(charCodeAt(key, i))) return false;
  return key.length > 0;
}

function propertyName(key) {
  if (key.length === 0 || key.length > 100) return quote(key);
  for (let i = 0; i < key.length; i++) {
    const code = charCodeAt(key, i);
    const letter = code >= 97 && code <= 122 || code >= 65 && code <= 90 || code === 95 || code === 36;
    if (!letter && !(isDigit(code) && i > 0)) return quote(key);
  }
  return key;
}

// One line where it fits, one part a line where it doesn't.
function layout(parts, brackets, depth) {
  if (parts.length === 0) return brackets;
  let length = 0, broken = false;
  for (let i = 0; i < parts.length; i++) {
    length += parts[i].length + 2;
    for (let j = 0; j < parts[i].length && !broken; j++) broken = charCodeAt(parts[i], j) === 10;
    if (length > 72) break;
  }
  const wide = broken || length > 72;
  const indent = wide ? '\n' + repeat('  ', depth) : ' ';
  let text = brackets[0];
  for (let i = 0; i < parts.length; i++) text += (i > 0 ? ',' : '') + indent + parts[i];
  return text + (wide ? '\n' + repeat('  ', depth - 1) : ' ') + brackets[1];
}
