// The console.

// printf's part of the console standard: https://console.spec.whatwg.org/#formatter
function format(args, state) {
  let text = '', next = 0;
  if (args.length > 1 && typeof args[0] === 'string') {
    const pattern = shorten(args[0], LINE, state);
    next = 1;
    let from = 0;
    for (let i = 0; i + 1 < pattern.length; i++) {
      if (charCodeAt(pattern, i) !== 37) continue;
      const letter = pattern[i + 1];
      let piece;
      if (letter === '%') piece = '%';
      else if (next >= args.length) continue;
      else if (letter === 's') piece = asText(args[next++], state);
      else if (letter === 'd') piece = asNumber(args[next++], false);
      else if (letter === 'i') piece = asNumber(args[next++], true);
      else if (letter === 'f') piece = numeric(args[next++], parseFloat);
      else if (letter === 'o') piece = deeper(args[next++], state, 4);
      else if (letter === 'O') piece = inspect(args[next++], state);
      else if (letter === 'j') piece = asJSON(args[next++], state);
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

function deeper(value, state, depth) {
  const before = state.depth;
  state.depth = depth;
  const text = inspect(value, state);
  state.depth = before;
  return text;
}

// %s: functions as their source, objects on one level.
const asText = (value, state) => (typeof value === 'function' && native.kind(value) !== PROXY ?
  shorten(functionToString(value), LINE, state) : typeof value === 'string' ? plain(value, state) : deeper(value, state, 0));

function numeric(value, parse) {
  return typeof value === 'number' || typeof value === 'string' && value.length < 400 ? numeral(parse(value)) : 'NaN';
}

function asNumber(value, whole) {
  if (typeof value === 'bigint') return bigint(value) + 'n';
  if (whole) return numeric(value, parseInt);
  if (value === null || typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number') return numeral(value);
  if (typeof value === 'object') {
    const kind = native.kind(value);
    return kind === DATE ? '' + dateTime(value) : kind === BOXED_NUMBER ? numeral(numberValue(value)) : 'NaN';
  }
  return typeof value === 'string' && value.length < 400 ? numeral(+value) : 'NaN';
}

// %j: JSON as JSON.stringify writes it, but that no toJSON and no getter runs.
function asJSON(value, state) {
  if (typeof value === 'function' || typeof value === 'symbol') return 'undefined';
  const before = state.left, text = json(value, state);
  state.left = min(state.left, before - text.length);
  return text;
}

function json(value, state) {
  switch (typeof value) {
    case 'string': return quote(value, state);
    case 'number': return isFinite(value) ? '' + value : 'null';
    case 'bigint': return bigint(value, state) + 'n';
    case 'boolean': return value ? 'true' : 'false';
    case 'undefined': case 'function': case 'symbol': return 'undefined';
  }
  if (value === null) return 'null';
  const kind = native.kind(value);
  if (kind === PROXY) return '"[Proxy]"';
  if (kind === DATE) return dateTime(value) === dateTime(value) ? '"' + dateToISOString(value) + '"' : 'null';
  if (kind === BOXED_STRING) return quote(stringValue(value), state);
  if (kind === BOXED_NUMBER) return json(numberValue(value), state);
  if (kind === BOXED_BOOLEAN) return json(booleanValue(value), state);
  for (let i = 0; i < state.open.length; i++) if (state.open[i] === value) return '"[Circular]"';
  if (state.left <= 0 || state.open.length > DEEPEST) {
    state.cut = true;
    return '…';
  }
  put(state.open, value);
  let text = '';
  const part = (key, property) => {
    if (state.left <= 0) {
      state.cut = true;
      return false;
    }
    const item = hasOwn(property, 'value') ? json(property.value, state) : '"[Getter]"';
    if (item === 'undefined' && key !== '') return true;
    const more = (text === '' ? '' : ',') + key + (item === 'undefined' ? 'null' : item);
    state.left -= hasOwn(property, 'value') && typeof property.value === 'object' ? key.length + 1 : more.length;
    text += more;
    return true;
  };
  const array = isArray(value);
  if (array) {
    const length = lengthOf(value);
    for (let i = 0; i < length && part('', getOwnPropertyDescriptor(value, i) || { __proto__: null, value: undefined }); i++);
  } else {
    const names = ownKeys(value);
    for (let i = 0; i < names.length; i++) {
      const property = getOwnPropertyDescriptor(value, names[i]);
      if (typeof names[i] === 'symbol' || property === undefined || !property.enumerable) continue;
      if (!part(quote(names[i], state) + ':', property)) break;
    }
  }
  state.open.length--;
  return array ? '[' + text + ']' : '{' + text + '}';
}

let indent = '';

// The first lines that have objects in them bring those along as trees: as many as
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

// Writes one line: each of a text's lines stands in the group. args are the
// values that the text mentions, where they may be opened.
function write(level, text, args, cut) {
  let line = indent, from = 0;
  if (indent !== '') {
    for (let at = indexOf(text, '\n'); at >= 0 && line.length <= LINE; at = indexOf(text, '\n', from)) {
      line += slice(text, from, at + 1) + indent;
      from = at + 1;
    }
  }
  line += slice(text, from);
  const long = line.length > LINE;
  native.emit(level, long ? clip(line, LINE) : line, long || cut === true, parts(args));
}

function print(level, args, before = '') {
  const state = walk(LINE, DEEP), text = format(args, state);
  write(level, before + text, args, state.cut);
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

const CELL = 60, COLUMNS = 20;

// A table's cells are as wide as they look: see textWidth.
function table(data, wanted) {
  if (typeof data !== 'object' || data === null || native.kind(data) === PROXY) {
    print('log', [data]);
    return;
  }
  const state = { __proto__: null, cut: false };
  const cell = value => {
    const walked = walk(CELL, 0), text = inspect(value, walked);
    if (walked.cut || text.length > CELL) state.cut = true;
    return clip(text, CELL);
  };
  const content = property => (hasOwn(property, 'value') ? cell(property.value) : '[Getter]');
  const kind = native.kind(data), iterates = kind === MAP || kind === SET;
  const columns = list(), rows = list();
  const column = name => {
    for (let i = 1; i < columns.length; i++) if (columns[i] === name) return i;
    if (columns.length > COLUMNS) {
      state.cut = true;
      return -1;
    }
    put(columns, name);
    return columns.length - 1;
  };
  put(columns, iterates ? '(iteration index)' : '(index)');
  const only = wanted !== undefined ? namesWanted(wanted) : undefined;
  if (only !== undefined) for (let i = 0; i < only.length; i++) column(only[i]);

  let values = -1; // the column of what has no columns of its own; it comes last
  const singles = list();
  const fill = (row, value, text) => {
    put(rows, row);
    put(singles, undefined);
    if (typeof value !== 'object' || value === null || native.kind(value) === PROXY) {
      singles[rows.length - 1] = text;
      return;
    }
    const keys = only !== undefined ? only : isArray(value) && lengthOf(value) > 1000 ? indices(COLUMNS) : ownKeys(value);
    for (let j = 0; j < keys.length; j++) {
      const inner = getOwnPropertyDescriptor(value, keys[j]);
      if (typeof keys[j] === 'symbol' || inner === undefined || !inner.enumerable) continue;
      const at = column(clip(keys[j], CELL));
      if (at < 0) break;
      row[at] = content(inner);
    }
  };
  if (iterates) {
    const size = kind === MAP ? mapSize(data) : setSize(data);
    const iterator = kind === MAP ? mapEntries(data) : setValues(data);
    if (size > MANY) state.cut = true;
    for (let i = 0; i < size && i < MANY; i++) {
      const step = kind === MAP ? mapNext(iterator) : setNext(iterator), row = list();
      row[0] = '' + i;
      if (kind === MAP) row[column('Key')] = cell(step.value[0]);
      put(rows, row);
      put(singles, cell(kind === MAP ? step.value[1] : step.value));
    }
  } else {
    const large = isArray(data) && lengthOf(data) > 1000;
    const names = large ? indices(MANY) : ownKeys(data);
    if (large) state.cut = true;
    for (let i = 0; i < names.length; i++) {
      const property = getOwnPropertyDescriptor(data, names[i]);
      if (typeof names[i] === 'symbol' || property === undefined || !property.enumerable) continue;
      if (rows.length >= MANY) {
        state.cut = true;
        break;
      }
      const row = list();
      row[0] = clip(names[i], CELL);
      fill(row, hasOwn(property, 'value') ? property.value : undefined, content(property));
    }
  }
  for (let r = 0; r < rows.length; r++) {
    if (singles[r] === undefined) continue;
    if (values < 0) {
      values = columns.length;
      put(columns, 'Values');
    }
    rows[r][values] = singles[r];
  }
  write('log', drawTable(columns, rows), [data], state.cut);
}

// The columns that a caller asks for: an array of names, read as data.
function namesWanted(wanted) {
  if (typeof wanted !== 'object' || wanted === null || native.kind(wanted) === PROXY || !isArray(wanted)) return undefined;
  const names = list();
  for (let i = 0; i < lengthOf(wanted) && i < COLUMNS; i++) {
    const name = own(wanted, i);
    if (typeof name === 'string') put(names, clip(name, CELL));
    else if (typeof name === 'number') put(names, '' + name);
  }
  return names;
}

function drawTable(columns, rows) {
  const widths = list();
  for (let c = 0; c < columns.length; c++) {
    widths[c] = textWidth(columns[c]);
    for (let r = 0; r < rows.length; r++) if (rows[r][c] !== undefined) widths[c] = max(widths[c], textWidth(rows[r][c]));
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
      text += ' ' + content + repeat(' ', widths[c] - textWidth(content)) + ' │';
    }
    return text;
  };
  let text = rule('┌', '┬', '┐') + '\n' + line(columns) + '\n' + rule('├', '┼', '┤');
  for (let r = 0; r < rows.length; r++) text += '\n' + line(rows[r]);
  return text + '\n' + rule('└', '┴', '┘');
}

function indices(many) {
  const names = list();
  for (let i = 0; i < many; i++) put(names, '' + i);
  return names;
}

// Ranges of characters that take two cells, and that take none, from Unicode's
// East Asian Width and general category.
const WIDE = [0x1100, 0x115f, 0x231a, 0x231b, 0x23e9, 0x23ec, 0x23f0, 0x23f0, 0x23f3, 0x23f3, 0x25fd, 0x25fe, 0x2614, 0x2615,
  0x2648, 0x2653, 0x267f, 0x267f, 0x2693, 0x2693, 0x26a1, 0x26a1, 0x26aa, 0x26ab, 0x26bd, 0x26be, 0x26c4, 0x26c5, 0x26ce, 0x26ce,
  0x26d4, 0x26d4, 0x26ea, 0x26ea, 0x26f2, 0x26f3, 0x26f5, 0x26f5, 0x26fa, 0x26fa, 0x26fd, 0x26fd, 0x2705, 0x2705, 0x270a, 0x270b,
  0x2728, 0x2728, 0x274c, 0x274c, 0x274e, 0x274e, 0x2753, 0x2755, 0x2757, 0x2757, 0x2795, 0x2797, 0x27b0, 0x27b0, 0x27bf, 0x27bf,
  0x2b1b, 0x2b1c, 0x2b50, 0x2b50, 0x2b55, 0x2b55, 0x2e80, 0x303e, 0x3041, 0x33ff, 0x3400, 0x4dbf, 0x4e00, 0xa4cf, 0xa960, 0xa97c,
  0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff01, 0xff60, 0xffe0, 0xffe6, 0x16fe0, 0x18cff, 0x1b000, 0x1b2ff,
  0x1f004, 0x1f004, 0x1f0cf, 0x1f0cf, 0x1f18e, 0x1f18e, 0x1f191, 0x1f19a, 0x1f200, 0x1f320, 0x1f32d, 0x1f335, 0x1f337, 0x1f37c,
  0x1f37e, 0x1f393, 0x1f3a0, 0x1f3ca, 0x1f3cf, 0x1f3d3, 0x1f3e0, 0x1f3f0, 0x1f3f4, 0x1f3f4, 0x1f3f8, 0x1f43e, 0x1f440, 0x1f440,
  0x1f442, 0x1f4fc, 0x1f4ff, 0x1f53d, 0x1f54b, 0x1f54e, 0x1f550, 0x1f567, 0x1f57a, 0x1f57a, 0x1f595, 0x1f596, 0x1f5a4, 0x1f5a4,
  0x1f5fb, 0x1f64f, 0x1f680, 0x1f6c5, 0x1f6cc, 0x1f6cc, 0x1f6d0, 0x1f6d2, 0x1f6d5, 0x1f6d7, 0x1f6dc, 0x1f6df, 0x1f6eb, 0x1f6ec,
  0x1f6f4, 0x1f6fc, 0x1f7e0, 0x1f7eb, 0x1f7f0, 0x1f7f0, 0x1f90c, 0x1f93a, 0x1f93c, 0x1f945, 0x1f947, 0x1f9ff, 0x1fa70, 0x1faff,
  0x20000, 0x3fffd];
const ZERO = [0x0300, 0x036f, 0x0483, 0x0489, 0x0591, 0x05bd, 0x0610, 0x061a, 0x064b, 0x065f, 0x0e31, 0x0e31, 0x0e34, 0x0e3a,
  0x0e47, 0x0e4e, 0x1ab0, 0x1aff, 0x1dc0, 0x1dff, 0x200b, 0x200f, 0x2060, 0x2064, 0x20d0, 0x20ff, 0xfe00, 0xfe0f, 0xfe20, 0xfe2f,
  0xfeff, 0xfeff, 0x1f3fb, 0x1f3ff, 0xe0000, 0xe0fff];
setPrototypeOf(WIDE, null);
setPrototypeOf(ZERO, null);

function within(ranges, code) {
  for (let i = 0; i < ranges.length && code >= ranges[i]; i += 2) if (code <= ranges[i + 1]) return true;
  return false;
}

// How many cells of a terminal a text takes. A sequence joined to one emoji
// counts as one, as does a flag of two letters.
function textWidth(text) {
  let width = 0, joined = false;
  for (let i = 0; i < text.length; i++) {
    let code = charCodeAt(text, i);
    if (code >= 0xd800 && code < 0xdc00 && i + 1 < text.length) {
      const low = charCodeAt(text, i + 1);
      if (low >= 0xdc00 && low < 0xe000) {
        code = (code - 0xd800) * 1024 + low - 0xdc00 + 0x10000;
        i++;
      }
    }
    if (code < 0x300) width += code < 32 || code >= 0x7f && code < 0xa0 ? 0 : 1;
    else if (code === 0xfe0f && width > 0 && i > 0 && !joined && !within(WIDE, charCodeAt(text, i - 1)) &&
      charCodeAt(text, i - 1) < 0xd800 && charCodeAt(text, i - 1) > 0x2000) width++; // drawn as an emoji
    else if (!joined && !within(ZERO, code)) width += within(WIDE, code) ? 2 : 1;
    joined = code === 0x200d;
  }
  return width;
}

function openGroup(args) {
  if (args.length > 0) print('log', args);
  if (indent.length < 40) indent += '  ';
}

const noTimer = key => write('warn', "there is no timer '" + key + "': call console.time first");

const console = {
  log(...args) { print('log', args); },
  info(...args) { print('info', args); },
  debug(...args) { print('debug', args); },
  warn(...args) { print('warn', args); },
  error(...args) { print('error', args); },
  exception(...args) { print('error', args); },
  trace(...args) {
    const state = walk(LINE, DEEP), text = format(args, state);
    write('trace', 'Trace' + (args.length > 0 ? ': ' + text : '') + '\n' + native.trace(), undefined, state.cut);
  },
  dir(value, options) {
    const state = walk(LINE, DEEP);
    if (typeof options === 'object' && options !== null && native.kind(options) !== PROXY) {
      const depth = own(options, 'depth');
      if (depth === null) state.depth = DEEPEST;
      else if (typeof depth === 'number' && depth >= 0) state.depth = min(depth, DEEPEST);
    }
    write('log', inspect(value, state), [value], state.cut);
  },
  dirxml(...args) { print('log', args); },
  table(data, columns) { table(data, columns); },
  assert(condition, ...args) {
    if (condition) return;
    if (args.length > 0) print('error', args, 'Assertion failed: ');
    else write('error', 'Assertion failed');
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
    if (clocks[key] === undefined) noTimer(key);
    else print('log', args, elapsed(key) + (args.length > 0 ? ' ' : ''));
  },
  timeEnd(name) {
    const key = label(name);
    if (clocks[key] === undefined) noTimer(key);
    else write('log', elapsed(key));
    clocks[key] = undefined;
  },
  group(...args) { openGroup(args); },
  groupCollapsed(...args) { openGroup(args); },
  groupEnd() { indent = slice(indent, 2); },
  clear() {},
  // What DevTools have besides the standard; nothing here records a profile.
  profile() {},
  profileEnd() {},
  timeStamp() {},
  context() { return console; },
};
defineProperty(console, toStringTag, { __proto__: null, value: 'console', writable: false, enumerable: false, configurable: true });

const expose = (name, value) => defineProperty(globalThis, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
expose('console', console);
