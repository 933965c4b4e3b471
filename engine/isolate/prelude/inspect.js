// Previews: a value as text, without running any code of the guest's.

// As the shim's sr_kind counts them.
const PROXY = 1, ERROR = 2, PROMISE = 3, MAP = 4, SET = 5, WEAK = 6, DATE = 7, REGEXP = 8,
  BUFFER = 9, SHARED_BUFFER = 10, TYPED_ARRAY = 11, BOXED_NUMBER = 12, BOXED_STRING = 13,
  BOXED_BOOLEAN = 14, BOXED_SYMBOL = 15, BOXED_BIGINT = 16, ARGUMENTS = 17,
  ASYNC = 18, GENERATOR = 19, ASYNC_GENERATOR = 20, MAP_ITERATOR = 21, SET_ITERATOR = 22, DATA_VIEW = 23;

const LINE = 10_000; // UTF-16 units of one console line
const MANY = 100; // elements, entries or keys of one object
const HOLES = 10_000; // looked into, of the arrays of one value
const SPARSE = 1000; // holes in a row, after which an array may be read by its keys
const LONG = 1000; // units of a string that is a part of something
const DEEP = 2; // as Node's console
const DEEPEST = 100;
const HUGE = 10n ** 300n;
const LARGEST = 2 ** 32;

// A number that crosses to the host, whatever it is made from.
const count = number => (typeof number === 'number' && number > 0 ? floor(min(number, LARGEST)) : 0);

// The start of a string. native.head never flattens a rope.
const clip = (text, size) => (text.length <= size ? text : native.head(text, size));

// The same, of a text that a walk shows.
function shorten(text, size, state) {
  if (text.length > size && state !== undefined) state.cut = true;
  return clip(text, size);
}

function quote(text, state) {
  if (text.length <= LONG) return stringify(text);
  if (state !== undefined) state.cut = true;
  return stringify(native.head(text, LONG)) + '… (' + text.length + ' characters)';
}

const numeral = value => (is(value, -0) ? '-0' : '' + value);

function bigint(value, state) {
  if (value < HUGE && value > -HUGE) return bigintToString(value);
  if (state !== undefined) state.cut = true;
  return value < 0n ? '-(more than 300 digits)' : '(more than 300 digits)';
}

function symbol(value, state) {
  const description = symbolDescription(value);
  return 'Symbol(' + (description === undefined ? '' : shorten(description, 200, state)) + ')';
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

// How long an array says it is. What arguments objects say is the guest's choice.
const lengthOf = value => count(own(value, 'length'));

function functionName(value) {
  const name = own(value, 'name');
  return typeof name === 'string' ? clip(name, 100) : '';
}

// The name of an object's class; what it is by itself where it has none.
function className(object, otherwise) {
  const constructor = inherited(object, 'constructor');
  if (typeof constructor !== 'function' || native.kind(constructor) === PROXY) return otherwise;
  return functionName(constructor) || otherwise;
}

// What an object's Symbol.toStringTag says, where it is data; an enumerable one
// of its own is shown among the keys.
function tagOf(object) {
  const mine = getOwnPropertyDescriptor(object, toStringTag);
  if (mine !== undefined && mine.enumerable) return '';
  const tag = inherited(object, toStringTag);
  return typeof tag === 'string' ? clip(tag, 100) : '';
}

// What an object is, as Node writes it: "Foo(1) [Map]", "Object [Math]".
function titleOf(object, what, size = '', tag = tagOf(object)) {
  if (getPrototypeOf(object) === null) {
    return '[' + what + size + ': null prototype]' + (tag === '' || tag === what ? '' : ' [' + tag + ']');
  }
  const name = className(object, what);
  return name + size + (tag === '' || tag === name ? '' : ' [' + tag + ']');
}

function errorTitle(error, state) {
  const name = inherited(error, 'name'), message = inherited(error, 'message');
  const title = typeof name === 'string' ? shorten(name, 200, state) : 'Error';
  if (typeof message !== 'string' || message === '') return title;
  return title + ': ' + shorten(message, LINE, state);
}

// A walk over one value: how much text is left, how many holes of arrays may
// still be looked into, which objects are open, and whether anything is left
// out. A whole walk counts what lies too deep as left out.
const walk = (budget, depth, whole = false) => (
  { __proto__: null, left: budget, holes: HOLES, depth, whole, open: list(), cut: false });

function inspect(value, state) {
  const before = state.left;
  const text = inspectOnce(value, state);
  state.left = min(state.left, before - text.length);
  return text;
}

function inspectOnce(value, state) {
  switch (typeof value) {
    case 'string': return quote(value, state);
    case 'number': return numeral(value);
    case 'bigint': return bigint(value, state) + 'n';
    case 'symbol': return symbol(value, state);
    case 'undefined': return 'undefined';
    case 'boolean': return value ? 'true' : 'false';
  }
  if (value === null) return 'null';
  const kind = native.kind(value);
  if (kind === PROXY) return typeof value === 'function' ? '[Proxy of a function]' : '[Proxy]';
  for (let i = 0; i < state.open.length; i++) {
    if (state.open[i] === value) return '[Circular ↻]';
  }
  const leaf = inspectLeaf(value, kind, state);
  if (state.open.length > state.depth || state.left <= 0) {
    if (state.left <= 0 || state.whole && leaf === '') state.cut = true;
    return leaf || '[' + titleOf(value, isArray(value) ? 'Array' : 'Object') + ']';
  }
  put(state.open, value);
  const text = inspectInside(value, kind, leaf, state);
  state.open.length--;
  return text;
}

function functionTitle(value, kind) {
  const name = functionName(value);
  if (slice(clip(functionToString(value), 6), 0, 5) === 'class') {
    const parent = getPrototypeOf(value);
    const above = typeof parent === 'function' && native.kind(parent) !== PROXY ? functionName(parent) : '';
    return '[class ' + (name || '(anonymous)') + (above === '' ? '' : ' extends ' + above) + ']';
  }
  const what = kind === ASYNC ? 'AsyncFunction' : kind === GENERATOR ? 'GeneratorFunction' :
    kind === ASYNC_GENERATOR ? 'AsyncGeneratorFunction' : 'Function';
  return '[' + what + (name === '' ? ' (anonymous)' : ': ' + name) + ']';
}

// What needs no look inside, or the title of what has one.
function inspectLeaf(value, kind, state) {
  if (typeof value === 'function') return functionTitle(value, kind);
  switch (kind) {
    case ERROR: {
      const stack = native.stack(value);
      return errorTitle(value, state) + (stack === '' ? '' : '\n' + stack);
    }
    case WEAK: return titleOf(value, 'Weak collection') + ' { <items unknown> }';
    case DATE: return dateTime(value) === dateTime(value) ? dateToISOString(value) : 'Invalid Date';
    case REGEXP: {
      let text = '/' + shorten(regExpSource(value), LONG, state) + '/';
      for (let i = 0; i < regExpFlags.length; i++) {
        if (regExpFlags[i].isSet(value)) text += regExpFlags[i].letter;
      }
      return text;
    }
    case BUFFER: return titleOf(value, 'ArrayBuffer') + ' { byteLength: ' + arrayBufferLength(value) + ' }';
    case SHARED_BUFFER: return titleOf(value, 'SharedArrayBuffer') + ' { byteLength: ' + sharedBufferLength(value) + ' }';
    case DATA_VIEW: return titleOf(value, 'DataView') + ' { ' + viewText(value) + ' }';
    case BOXED_NUMBER: return '[Number: ' + numeral(numberValue(value)) + ']';
    case BOXED_STRING: return '[String: ' + quote(stringValue(value), state) + ']';
    case BOXED_BOOLEAN: return '[Boolean: ' + booleanValue(value) + ']';
    case BOXED_SYMBOL: return '[Symbol: ' + symbol(symbolValue(value), state) + ']';
    case BOXED_BIGINT: return '[BigInt: ' + bigint(bigintValue(value), state) + 'n]';
  }
  return '';
}

function viewText(view) {
  let size;
  try {
    size = 'byteLength: ' + viewLength(view) + ', byteOffset: ' + viewOffset(view) + ', ';
  } catch { // its buffer is gone, or shorter by now
    size = '<detached>, ';
  }
  return size + 'buffer: ' + inspectLeaf(viewBuffer(view), native.kind(viewBuffer(view)));
}

// Names of an object's own properties, without indices, however many these are.
function namesOf(object) {
  const holder = { __proto__: null, list: undefined };
  native.names(object, holder);
  return holder.list === undefined ? list() : holder.list;
}

// elements visits an array from its start: visit(index, property) for an element
// that is there, gap(holes) for holes in a row. It ends when one of them returns
// false, or too many holes were looked into, and returns the index it came to.
function elements(value, length, state, visit, gap) {
  let holes = 0;
  for (let next = 0; next < length; next++) {
    const property = getOwnPropertyDescriptor(value, next);
    if (property === undefined) {
      holes++;
      if (holes === SPARSE && length - next > state.holes && isSparse(value, next, length)) {
        return sparseElements(value, length, next - holes + 1, visit, gap);
      }
      if (--state.holes > 0) continue;
      return gap(holes) ? next + 1 : next + 1 - holes;
    }
    if (holes > 0 && !gap(holes)) return next - holes;
    holes = 0;
    if (!visit(next, property)) return next;
  }
  return holes > 0 && !gap(holes) ? length - holes : length;
}

// Whether few enough elements follow to list their keys: none of 64 is there.
function isSparse(value, from, length) {
  for (let i = 0; i < 64; i++) {
    if (getOwnPropertyDescriptor(value, from + floor((length - from) * i / 64)) !== undefined) return false;
  }
  return true;
}

function sparseElements(value, length, next, visit, gap) {
  const keys = ownKeys(value); // indices come first, in order
  for (let i = 0; i < keys.length; i++) {
    if (typeof keys[i] !== 'string' || !isIndex(keys[i])) break;
    const at = +keys[i];
    if (at < next) continue;
    if (at >= length) break;
    if (at > next && !gap(at - next)) return next;
    if (!visit(at, getOwnPropertyDescriptor(value, at))) return at;
    next = at + 1;
  }
  return next < length && !gap(length - next) ? next : length;
}

function inspectInside(value, kind, leaf, state) {
  const parts = list();
  const add = text => { state.left -= 2; put(parts, text); };
  const more = many => {
    if (many <= 0) return;
    state.cut = true;
    add('… ' + many + ' more');
  };
  const room = () => {
    if (state.left > 0) return true;
    state.cut = true;
    return false;
  };
  let title = '', brackets = '{}', indexed = false, numbers = false, rest = 0;

  if (kind === PROMISE) {
    title = titleOf(value, 'Promise') + ' ';
    const settled = native.promiseState(value);
    if (settled === 0) add('<pending>');
    else add((settled === 2 ? '<rejected> ' : '') + inspect(native.promiseResult(value), state));
  } else if (kind === MAP || kind === SET) {
    const size = kind === MAP ? mapSize(value) : setSize(value);
    title = titleOf(value, kind === MAP ? 'Map' : 'Set', '(' + size + ')') + ' ';
    const iterator = kind === MAP ? mapEntries(value) : setValues(value);
    let shown = 0;
    for (; shown < MANY && shown < size && room(); shown++) {
      const step = kind === MAP ? mapNext(iterator) : setNext(iterator);
      if (step.done) break;
      if (kind === SET) add(inspect(step.value, state));
      else add(inspect(step.value[0], state) + ' => ' + inspect(step.value[1], state));
    }
    more(size - shown);
  } else if (kind === MAP_ITERATOR || kind === SET_ITERATOR) {
    const holder = { __proto__: null, list: undefined };
    const pairs = native.entries(value, holder), values = holder.list, step = pairs ? 2 : 1;
    title = (kind === MAP_ITERATOR ? '[Map ' : '[Set ') + (pairs ? 'Entries] ' : 'Iterator] ');
    let i = 0;
    for (; i < values.length && i < MANY * step && room(); i += step) {
      add(pairs ? '[ ' + inspect(values[i], state) + ', ' + inspect(values[i + 1], state) + ' ]' : inspect(values[i], state));
    }
    more((values.length - i) / step);
  } else if (kind === TYPED_ARRAY) {
    const length = typedArrayLength(value), name = typedArrayName(value);
    title = titleOf(value, name, '(' + length + ')', name) + ' ';
    brackets = '[]';
    indexed = numbers = true;
    let shown = 0;
    for (; shown < MANY && shown < length && room(); shown++) {
      add(numeral(value[shown]) + (typeof value[shown] === 'bigint' ? 'n' : ''));
    }
    rest = length - shown;
  } else if (isArray(value) || kind === ARGUMENTS) {
    const length = lengthOf(value);
    const name = isArray(value) ? titleOf(value, 'Array', '(' + length + ')') : '[Arguments]';
    title = name === 'Array(' + length + ')' ? '' : name + ' ';
    brackets = '[]';
    indexed = numbers = true;
    const open = () => parts.length < MANY && room();
    const next = elements(value, length, state, (index, property) => {
      if (!open()) return false;
      const type = hasOwn(property, 'value') ? typeof property.value : 'accessor';
      numbers = numbers && (type === 'number' || type === 'bigint');
      add(shape(property, state));
      return true;
    }, holes => {
      if (!open()) return false;
      numbers = false;
      add('<' + holes + ' empty item' + (holes > 1 ? 's' : '') + '>');
      return true;
    });
    rest = length - next;
  } else if (leaf !== '') {
    title = leaf + ' ';
  } else {
    const name = titleOf(value, 'Object');
    title = name === 'Object' ? '' : name + ' ';
  }
  more(rest);

  // The characters of a string are keys too: a long one has too many to list.
  const names = indexed || kind === BOXED_STRING ? namesOf(value) : ownKeys(value);
  let shown = 0;
  for (let i = 0; i < names.length; i++) {
    const key = names[i];
    const property = getOwnPropertyDescriptor(value, key);
    if (property === undefined || !property.enumerable && kind !== ERROR) continue;
    if (kind === ERROR && (key === 'stack' || key === 'message' || key === 'name')) continue;
    if (shown === MANY || !room()) { more(countShown(value, names, i)); break; }
    shown++;
    numbers = false;
    add((typeof key === 'symbol' ? '[' + symbol(key, state) + ']' : propertyName(key, state)) + ': ' + shape(property, state));
  }
  if (parts.length === 0 && leaf !== '') return leaf;
  return title + layout(brackets === '[]' && parts.length > 6 ? columns(parts, rest > 0, numbers, 2 * (state.open.length - 1)) : parts,
    brackets, state.open.length, parts.length);
}

// How many of these keys, from one on, are of properties that are shown.
function countShown(value, names, from) {
  let many = 0;
  for (let i = from; i < names.length; i++) {
    if (i - from > 100_000) return many + names.length - i;
    const property = getOwnPropertyDescriptor(value, names[i]);
    if (property !== undefined && property.enumerable) many++;
  }
  return many;
}

const shape = (property, state) => {
  if (hasOwn(property, 'value')) return inspect(property.value, state);
  return property.get === undefined ? '[Setter]' : property.set === undefined ? '[Getter]' : '[Getter/Setter]';
};

const isDigit = code => code >= 48 && code <= 57;

// An array's index, as V8 writes it: "7", and not "07".
function isIndex(key) {
  if (key.length === 0 || key.length > 10 || key.length > 1 && charCodeAt(key, 0) === 48) return false;
  for (let i = 0; i < key.length; i++) if (!isDigit(charCodeAt(key, i))) return false;
  return +key < LARGEST - 1;
}

function propertyName(key, state) {
  if (key.length === 0 || key.length > 100) return quote(key, state);
  for (let i = 0; i < key.length; i++) {
    const code = charCodeAt(key, i);
    const letter = code >= 97 && code <= 122 || code >= 65 && code <= 90 || code === 95 || code === 36;
    if (!letter && !(isDigit(code) && i > 0)) return quote(key, state);
  }
  return key;
}

// Short elements side by side, in columns, as Node lays them out; the last part
// may be a count of what is left out, which stands by itself.
function columns(parts, counted, numbers, indent) {
  const many = parts.length - (counted ? 1 : 0);
  let total = 0, longest = 0;
  for (let i = 0; i < many; i++) {
    total += parts[i].length + 2;
    longest = max(longest, parts[i].length);
  }
  const widest = longest + 2;
  if (widest * 3 + indent >= 80 || total / widest <= 5 && longest > 6) return parts;
  const biased = max(widest - 3 - sqrt(widest - total / parts.length), 1);
  const across = min(round(sqrt(2.5 * biased * many) / biased), floor((80 - indent) / widest), 12);
  if (across <= 1) return parts;
  const widths = list(), lines = list();
  for (let c = 0; c < across; c++) {
    let width = 0;
    for (let i = c; i < many; i += across) width = max(width, parts[i].length);
    put(widths, width);
  }
  for (let i = 0; i < many; i += across) {
    let line = '';
    for (let j = i; j < min(i + across, many); j++) {
      const padding = repeat(' ', widths[j - i] - parts[j].length), last = j === min(i + across, many) - 1;
      line += (numbers ? padding : '') + parts[j] + (last ? '' : ', ') + (numbers || last ? '' : padding);
    }
    put(lines, line);
  }
  if (counted) put(lines, parts[many]);
  return lines;
}

// One line where it fits, one part a line where it doesn't.
function layout(parts, brackets, depth, count) {
  if (parts.length === 0) return brackets;
  let length = 0, broken = parts.length !== count;
  for (let i = 0; i < parts.length; i++) {
    length += parts[i].length + 2;
    broken = broken || indexOf(parts[i], '\n') >= 0;
    if (length > 72) break;
  }
  const wide = broken || length > 72;
  const indent = wide ? '\n' + repeat('  ', depth) : ' ';
  let text = brackets[0];
  for (let i = 0; i < parts.length; i++) text += (i > 0 ? ',' : '') + indent + parts[i];
  return text + (wide ? '\n' + repeat('  ', depth - 1) : ' ') + brackets[1];
}
