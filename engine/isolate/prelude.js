// The prelude: what a guest finds in its room beside the language itself, and
// how the room looks at what a guest leaves behind. It runs once, before any
// guest, and captures every primordial it needs; later it calls nothing that a
// guest can replace: no method by name, no iterator, no getter, no toString.
//
// Arrays of our own have no prototype, because a setter on Array.prototype
// would see what is stored in an ordinary one. Property reads go through
// descriptors, and only after asking native.kind whether the object is a proxy.
(function prelude(native) {
  'use strict';

  // ---- primordials -------------------------------------------------------

  const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
  const { create, freeze, is, keys: keysOf, prototype: ObjectPrototype, setPrototypeOf } = Object;
  const { isArray } = Array;
  const { parse, stringify } = JSON;
  const { min, max } = Math;
  const { isFinite, parseFloat, parseInt } = Number;
  const { Error, TypeError, Proxy, Promise, SharedArrayBuffer, WebAssembly } = globalThis;

  const uncurry = Function.prototype.bind.bind(Function.prototype.call);
  const method = (prototype, name) => uncurry(prototype[name]);
  const getter = (prototype, name) => uncurry(getOwnPropertyDescriptor(prototype, name).get);

  const hasOwn = uncurry(ObjectPrototype.hasOwnProperty);
  const charCodeAt = method(String.prototype, 'charCodeAt');
  const slice = method(String.prototype, 'slice');
  const repeat = method(String.prototype, 'repeat');
  const toFixed = method(Number.prototype, 'toFixed');
  const bigintToString = method(BigInt.prototype, 'toString');
  const bigintValue = method(BigInt.prototype, 'valueOf');
  const booleanValue = method(Boolean.prototype, 'valueOf');
  const numberValue = method(Number.prototype, 'valueOf');
  const stringValue = method(String.prototype, 'valueOf');
  const symbolValue = method(Symbol.prototype, 'valueOf');
  const symbolDescription = getter(Symbol.prototype, 'description');
  const functionToString = method(Function.prototype, 'toString');
  const dateTime = method(Date.prototype, 'getTime');
  const dateToISOString = method(Date.prototype, 'toISOString');
  const regExpSource = getter(RegExp.prototype, 'source');
  const regExpFlags = [
    ['d', 'hasIndices'], ['g', 'global'], ['i', 'ignoreCase'], ['m', 'multiline'],
    ['s', 'dotAll'], ['u', 'unicode'], ['v', 'unicodeSets'], ['y', 'sticky'],
  ].map(([letter, name]) => ({ letter, isSet: getter(RegExp.prototype, name) }));
  setPrototypeOf(regExpFlags, null);
  const mapSize = getter(Map.prototype, 'size');
  const mapEntries = method(Map.prototype, 'entries');
  const mapNext = method(getPrototypeOf(new Map().entries()), 'next');
  const mapGet = method(Map.prototype, 'get');
  const mapSet = method(Map.prototype, 'set');
  const mapDelete = method(Map.prototype, 'delete');
  const setSize = getter(Set.prototype, 'size');
  const setValues = method(Set.prototype, 'values');
  const setNext = method(getPrototypeOf(new Set().values()), 'next');
  const arrayBufferLength = getter(ArrayBuffer.prototype, 'byteLength');
  const sharedBufferLength = getter(SharedArrayBuffer.prototype, 'byteLength');
  const TypedArray = getPrototypeOf(Int8Array).prototype;
  const typedArrayLength = getter(TypedArray, 'length');
  const typedArrayName = getter(TypedArray, Symbol.toStringTag);
  const then = method(Promise.prototype, 'then');
  const resolved = Promise.resolve();
  // So that then asks no prototype of the guest's for a constructor.
  defineProperty(resolved, 'constructor', { __proto__: null, value: undefined });

  const list = () => setPrototypeOf([], null);
  const put = (to, value) => { to[to.length] = value; };

  // ---- previews ------------------------------------------------------------

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

  // ---- trees ---------------------------------------------------------------

  // A result is also read as a tree, breadth first, so that a bound cuts what
  // is deep and not what comes late. engine.Node says what the keys mean.
  const TREE_NODES = 2000, TREE_TEXT = 48 * 1024, TREE_DEPTH = 8, TREE_LINE = 200;

  function tree(value, limit, most) {
    if (typeof value !== 'object' && typeof value !== 'function' || value === null) return undefined;
    const waiting = list(), holes = { __proto__: null, left: HOLES };
    let nodes = 0, left = min(limit, TREE_TEXT);
    // plant makes a node and has what can be opened wait for its turn.
    const plant = (key, value, above) => {
      const type = typeOf(value), node = { __proto__: null, t: type };
      if (key !== '') node.k = key;
      nodes++;
      if (typeof value !== 'object' && typeof value !== 'function' || value === null) {
        const long = typeof value === 'string' && value.length > TREE_LINE;
        node.v = long ? stringify(native.head(value, TREE_LINE)) : clip(inspectOnce(value, walk(TREE_LINE, 0)), 2 * TREE_LINE);
        if (long) node.n = value.length;
      } else {
        const kind = native.kind(value);
        node.v = clip(heading(value, kind), TREE_LINE);
        let levels = 0;
        for (let at = above; at !== null && node.up === undefined; at = at.above) {
          levels++;
          if (at.value === value) node.up = levels;
        }
        if (kind !== PROXY && node.up === undefined) {
          if (levels < TREE_DEPTH) put(waiting, { __proto__: null, value, kind, node, above });
          else node.d = true;
        }
      }
      left -= key.length + node.v.length;
      return node;
    };
    const root = plant('', value, null);
    for (let i = 0; i < waiting.length; i++) {
      const at = waiting[i], children = list();
      const add = (key, value, accessor) => {
        if (nodes >= most || left <= 0) return false;
        if (accessor === undefined) {
          put(children, plant(key, value, at));
        } else {
          nodes++;
          left -= key.length + accessor.length;
          put(children, { __proto__: null, k: key, t: 'accessor', v: accessor });
        }
        return true;
      };
      const more = branches(at.value, at.kind, add, holes);
      if (children.length > 0) at.node.c = children;
      if (more > 0) at.node.m = more;
    }
    return root;
  }

  // What an object is, on one line: its parts have lines of their own.
  function heading(value, kind) {
    if (kind === PROXY) return typeof value === 'function' ? '[Proxy of a function]' : '[Proxy]';
    if (kind === ERROR) return errorTitle(value);
    const leaf = inspectLeaf(value, kind);
    if (leaf !== '') return leaf;
    if (kind === ARGUMENTS) return 'Arguments(' + own(value, 'length') + ')';
    const name = className(value);
    if (isArray(value)) return name + '(' + own(value, 'length') + ')';
    if (kind === MAP) return name + '(' + mapSize(value) + ')';
    if (kind === SET) return name + '(' + setSize(value) + ')';
    if (kind === TYPED_ARRAY) return typedArrayName(value) + '(' + typedArrayLength(value) + ')';
    return name;
  }

  // branches calls add(key, value, accessor) for each part of an object, until
  // that returns false, and returns how many parts are left out. It looks into
  // as many holes of arrays as are left.
  function branches(value, kind, add, holes) {
    let more = 0, keys = kind !== TYPED_ARRAY, indexed = false;
    const each = (size, next) => {
      let shown = 0;
      while (shown < MANY && shown < size && next('' + shown)) shown++;
      more += size - shown;
    };
    const property = (key, it) => (hasOwn(it, 'value') ? add(key, it.value) :
      add(key, undefined, it.get === undefined ? '[Setter]' : it.set === undefined ? '[Getter]' : '[Getter/Setter]'));

    if (kind === PROMISE) {
      const settled = native.promiseState(value);
      if (settled === 0) add('<state>', undefined, '<pending>');
      else add(settled === 2 ? '<rejected>' : '<value>', native.promiseResult(value));
    } else if (kind === MAP) {
      const iterator = mapEntries(value);
      each(mapSize(value), () => {
        const step = mapNext(iterator);
        return !step.done && add(clip(inspect(step.value[0], walk(100, 0)), 100) + ' =>', step.value[1]);
      });
    } else if (kind === SET) {
      const iterator = setValues(value);
      each(setSize(value), key => {
        const step = setNext(iterator);
        return !step.done && add(key, step.value);
      });
    } else if (kind === TYPED_ARRAY) {
      each(typedArrayLength(value), key => add(key, value[key]));
    } else if (isArray(value) || kind === ARGUMENTS) {
      const claimed = own(value, 'length'), length = typeof claimed === 'number' ? claimed : 0;
      indexed = true;
      keys = length <= 1000;
      let next = 0;
      for (let shown = 0; next < length && shown < MANY && holes.left > 0; next++) {
        const it = getOwnPropertyDescriptor(value, next);
        if (it === undefined) { holes.left--; continue; }
        if (!property('' + next, it)) break;
        shown++;
      }
      more += max(0, length - next);
    }
    if (kind === BOXED_STRING) {
      indexed = true;
      keys = stringValue(value).length <= 1000;
    }
    if (!keys) return more;
    const names = ownKeys(value);
    let shown = 0;
    for (let i = 0; i < names.length; i++) {
      const name = names[i], it = getOwnPropertyDescriptor(value, name);
      if (it === undefined || !it.enumerable && kind !== ERROR) continue;
      if (indexed && typeof name === 'string' && isIndex(name)) continue;
      if (kind === ERROR && (name === 'message' || name === 'name')) continue;
      const key = clip(typeof name === 'symbol' ? '[' + symbol(name) + ']' : propertyName(name), 100);
      if (kind === ERROR && name === 'stack') {
        const stack = native.stack(value);
        if (stack !== '') add('stack', stack);
        continue;
      }
      if (shown === MANY || !property(key, it)) return more + names.length - i;
      shown++;
    }
    return more;
  }

  // ---- console -------------------------------------------------------------

  // printf's part of the console standard: https://console.spec.whatwg.org/#formatter
  function format(args) {
    let text = '', next = 0;
    const state = walk(LINE, DEEP);
    if (args.length > 1 && typeof args[0] === 'string') {
      const pattern = clip(args[0], LINE);
      next = 1;
      let from = 0;
      for (let i = 0; i + 1 < pattern.length; i++) {
        if (charCodeAt(pattern, i) !== 37) continue;
        const letter = pattern[i + 1];
        let piece;
        if (letter === '%') piece = '%';
        else if (next >= args.length) continue;
        else if (letter === 's') piece = plain(args[next++], state);
        else if (letter === 'd') piece = asNumber(args[next++], false);
        else if (letter === 'i') piece = asNumber(args[next++], true);
        else if (letter === 'f') piece = numeric(args[next++], parseFloat);
        else if (letter === 'o' || letter === 'O' || letter === 'j') piece = inspect(args[next++], state);
        else if (letter === 'c') { next++; piece = ''; } // styles: nothing to style here
        else continue;
        text += slice(pattern, from, i) + piece;
        from = i + 2;
        i++;
      }
      text += slice(pattern, from);
    }
    for (; next < args.length && text.length <= LINE; next++) {
      text += (next > 0 ? ' ' : '') + plain(args[next], state);
    }
    return text;
  }

  const plain = (value, state) => (typeof value === 'string' ? clip(value, LINE + 1) : inspect(value, state));

  function numeric(value, parse) {
    return typeof value === 'number' || typeof value === 'string' && value.length < 400 ? '' + parse(value) : 'NaN';
  }

  function asNumber(value, whole) {
    if (typeof value === 'bigint') return bigint(value) + 'n';
    if (whole) return numeric(value, parseInt);
    if (typeof value === 'number') return is(value, -0) ? '-0' : '' + value;
    return typeof value === 'string' && value.length < 400 ? '' + +value : 'NaN';
  }

  let indent = '';

  // The first lines that tell of objects bring those along as trees: as many as
  // a person opens, and too few for a flood of them to cost anything.
  const LINE_TREES = 100, LINE_NODES = 300, LINE_TREE_TEXT = 4 * 1024;
  let trees = 0;

  function parts(args) {
    if (args === undefined || trees >= LINE_TREES) return '';
    let objects = 0, one;
    for (let i = 0; i < args.length && i < MANY; i++) {
      if (typeof args[i] === 'object' && args[i] !== null) {
        objects++;
        one = args[i];
      }
    }
    if (objects === 0) return '';
    trees++;
    return stringify(tree(objects === 1 ? one : args, LINE_TREE_TEXT, LINE_NODES));
  }

  // args are the values that the text tells of, where they may be opened.
  function write(level, text, args) {
    const line = indent + text;
    const cut = line.length > LINE;
    native.emit(level, cut ? clip(line, LINE) : line, cut, parts(args));
  }

  let labelled = 0;
  const label = value => (value === undefined ? 'default' : typeof value === 'string' ? clip(value, 100) : clip(inspect(value, walk(100, 0)), 100));

  function remember(table, name, value) {
    if (!(name in table)) {
      if (labelled >= 1000) return;
      labelled++;
    }
    table[name] = value;
  }

  const counts = create(null), clocks = create(null);

  function elapsed(name) {
    const ms = native.now() - clocks[name];
    return name + ': ' + (ms >= 1000 ? toFixed(ms / 1000, 3) + 's' : toFixed(ms, 3) + 'ms');
  }

  function table(data) {
    if (typeof data !== 'object' || data === null || native.kind(data) === PROXY) {
      write('log', plain(data, walk(LINE, DEEP)));
      return;
    }
    const cell = value => clip(inspect(value, walk(60, 0)), 60);
    const columns = list(), rows = list();
    const column = name => {
      for (let i = 0; i < columns.length; i++) if (columns[i] === name) return i;
      if (columns.length >= 20) return -1;
      put(columns, name);
      return columns.length - 1;
    };
    put(columns, '(index)');
    let values = -1;
    const names = isArray(data) && own(data, 'length') > 1000 ? indices(MANY) : ownKeys(data);
    for (let i = 0; i < names.length && rows.length < MANY; i++) {
      const property = getOwnPropertyDescriptor(data, names[i]);
      if (typeof names[i] === 'symbol' || property === undefined || !property.enumerable) continue;
      const row = list();
      row[0] = clip(names[i], 60);
      const value = hasOwn(property, 'value') ? property.value : undefined;
      if (typeof value === 'object' && value !== null && native.kind(value) !== PROXY) {
        const keys = isArray(value) && own(value, 'length') > 1000 ? indices(20) : ownKeys(value);
        for (let j = 0; j < keys.length; j++) {
          const inner = getOwnPropertyDescriptor(value, keys[j]);
          if (typeof keys[j] === 'symbol' || inner === undefined || !inner.enumerable) continue;
          const at = column(clip(keys[j], 60));
          if (at < 0) break;
          row[at] = hasOwn(inner, 'value') ? cell(inner.value) : '[Getter]';
        }
      } else {
        if (values < 0) values = column('Values');
        if (values >= 0) row[values] = hasOwn(property, 'value') ? cell(value) : '[Getter]';
      }
      put(rows, row);
    }
    const widths = list();
    for (let c = 0; c < columns.length; c++) {
      widths[c] = columns[c].length;
      for (let r = 0; r < rows.length; r++) if (rows[r][c] !== undefined) widths[c] = max(widths[c], rows[r][c].length);
    }
    const rule = (left, middle, right) => {
      let text = left;
      for (let c = 0; c < columns.length; c++) text += (c > 0 ? middle : '') + repeat('─', widths[c] + 2);
      return text + right;
    };
    const line = row => {
      let text = '│';
      for (let c = 0; c < columns.length; c++) {
        const content = row[c] === undefined ? '' : row[c];
        text += ' ' + content + repeat(' ', widths[c] - content.length) + ' │';
      }
      return text;
    };
    let text = rule('┌', '┬', '┐') + '\n' + line(columns) + '\n' + rule('├', '┼', '┤');
    for (let r = 0; r < rows.length; r++) text += '\n' + line(rows[r]);
    write('log', text + '\n' + rule('└', '┴', '┘'), [data]);
  }

  function indices(count) {
    const names = list();
    for (let i = 0; i < count; i++) put(names, '' + i);
    return names;
  }

  const console = {
    log(...args) { write('log', format(args), args); },
    info(...args) { write('info', format(args), args); },
    debug(...args) { write('debug', format(args), args); },
    warn(...args) { write('warn', format(args), args); },
    error(...args) { write('error', format(args), args); },
    trace(...args) { write('trace', 'Trace' + (args.length > 0 ? ': ' + format(args) : '') + '\n' + native.trace()); },
    dir(value) { write('log', inspect(value, walk(LINE, DEEP)), [value]); },
    dirxml(...args) { write('log', format(args), args); },
    table(data) { table(data); },
    assert(condition, ...args) {
      if (condition) return;
      write('error', 'Assertion failed' + (args.length > 0 ? ': ' + format(args) : ''));
    },
    count(name) {
      const key = label(name);
      remember(counts, key, (counts[key] || 0) + 1);
      write('log', key + ': ' + (counts[key] || 1));
    },
    countReset(name) { remember(counts, label(name), 0); },
    time(name) { remember(clocks, label(name), native.now()); },
    timeLog(name, ...args) {
      const key = label(name);
      if (clocks[key] === undefined) write('warn', "there is no timer '" + key + "': call console.time first");
      else write('log', elapsed(key) + (args.length > 0 ? ' ' + format(args) : ''));
    },
    timeEnd(name) {
      const key = label(name);
      if (clocks[key] === undefined) write('warn', "there is no timer '" + key + "': call console.time first");
      else write('log', elapsed(key));
      clocks[key] = undefined;
    },
    group(...args) {
      if (args.length > 0) write('log', format(args));
      if (indent.length < 40) indent += '  ';
    },
    groupCollapsed(...args) {
      if (args.length > 0) write('log', format(args));
      if (indent.length < 40) indent += '  ';
    },
    groupEnd() { indent = slice(indent, 2); },
    clear() {},
  };

  const expose = (name, value) => defineProperty(globalThis, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
  expose('console', console);

  // ---- doors ---------------------------------------------------------------

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

  // ---- timers --------------------------------------------------------------

  const waiting = new Map();

  function schedule(callback, delay, repeats, args) {
    if (typeof callback !== 'function') throw new TypeError('the first argument of a timer is a function');
    const ms = +delay;
    const id = native.timer(ms > 0 ? min(ms, 2147483647) : 0, repeats);
    mapSet(waiting, id, { __proto__: null, callback, args, repeats });
    return id;
  }

  function cancel(id) {
    if (typeof id === 'number' && mapDelete(waiting, id)) native.clearTimer(id);
  }

  function openTimers() {
    expose('setTimeout', function setTimeout(callback, delay, ...args) { return schedule(callback, delay, false, args); });
    expose('setInterval', function setInterval(callback, delay, ...args) { return schedule(callback, delay, true, args); });
    expose('clearTimeout', function clearTimeout(id) { cancel(id); });
    expose('clearInterval', function clearInterval(id) { cancel(id); });
    expose('queueMicrotask', function queueMicrotask(callback) {
      if (typeof callback !== 'function') throw new TypeError('the first argument of queueMicrotask is a function');
      then(resolved, () => { apply(callback, undefined, list()); });
    });
  }

  // ---- teller window ---------------------------------------------------------

  // Arguments are copied once, to JSON, before anything of them reaches the
  // host. What is not plain data is refused here, at the guest's expense.
  const MAX_ARGUMENTS = 64 * 1024, MAX_NODES = 10_000, MAX_DEPTH = 32;

  const refuse = (copying, why) => {
    throw new TypeError(copying.call + ': argument ' + (copying.index + 1) + ' ' + why);
  };

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
    if (kind !== 0) refuse(copying, 'is a ' + className(value) + ', plain data was expected');
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

  // ask makes one function of a capability.
  function ask(capability, name) {
    const teller = { [name](...args) {
      let count = args.length, text = '';
      while (count > 0 && args[count - 1] === undefined) count--;
      const copying = { __proto__: null, call: capability + '.' + name, index: 0, nodes: 0, left: MAX_ARGUMENTS, open: list() };
      for (let i = 0; i < count; i++) {
        copying.index = i;
        text += (i > 0 ? ',' : '') + copy(args[i], copying);
      }
      const answer = parse(native.call(capability, name, '[' + text + ']'));
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
      const facade = create(null), methods = granted[names[i]];
      for (let j = 0; j < methods.length; j++) facade[methods[j]] = ask(names[i], methods[j]);
      defineProperty(globalThis, names[i], { __proto__: null, value: freeze(facade), writable: false, enumerable: true, configurable: false });
    }
  }

  // ---- what the host calls ---------------------------------------------------

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
})
