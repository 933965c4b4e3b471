// The console.

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
