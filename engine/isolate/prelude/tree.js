// Trees: an object's parts, for the window to open one by one.

// A result is also read as a tree, breadth first, so that a bound cuts what
// is deep and not what comes late. engine.Node says what the keys mean.
const TREE_NODES = 2000, TREE_TEXT = 48 * 1024, TREE_DEPTH = 8, TREE_LINE = 200;

function tree(value, limit, most) {
  if (typeof value !== 'object' && typeof value !== 'function' || value === null) return undefined;
  const waiting = list(), state = { __proto__: null, holes: HOLES };
  let nodes = 0, left = min(limit, TREE_TEXT);
  // plant makes a node and has what can be opened wait for its turn.
  const plant = (key, value, above) => {
    const type = typeOf(value), node = { __proto__: null, t: type };
    if (key !== '') node.k = key;
    nodes++;
    if (typeof value !== 'object' && typeof value !== 'function' || value === null) {
      const long = typeof value === 'string' && value.length > TREE_LINE;
      node.v = long ? stringify(native.head(value, TREE_LINE)) : clip(inspectOnce(value, walk(TREE_LINE, 0)), 2 * TREE_LINE);
      if (long) node.n = count(value.length);
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
    const more = branches(at.value, at.kind, add, state);
    if (children.length > 0) at.node.c = children;
    if (more > 0) at.node.m = count(more);
  }
  return root;
}

// What an object is, on one line: its parts have lines of their own.
function heading(value, kind) {
  if (kind === PROXY) return typeof value === 'function' ? '[Proxy of a function]' : '[Proxy]';
  if (kind === ERROR) return errorTitle(value);
  const leaf = inspectLeaf(value, kind);
  if (leaf !== '') return leaf;
  if (kind === ARGUMENTS) return 'Arguments(' + lengthOf(value) + ')';
  if (isArray(value)) return titleOf(value, 'Array', '(' + lengthOf(value) + ')');
  if (kind === MAP) return titleOf(value, 'Map', '(' + mapSize(value) + ')');
  if (kind === SET) return titleOf(value, 'Set', '(' + setSize(value) + ')');
  if (kind === MAP_ITERATOR) return 'Map Iterator';
  if (kind === SET_ITERATOR) return 'Set Iterator';
  if (kind === TYPED_ARRAY) {
    const name = typedArrayName(value);
    return titleOf(value, name, '(' + typedArrayLength(value) + ')', name);
  }
  return titleOf(value, kind === PROMISE ? 'Promise' : 'Object');
}

// branches calls add(key, value, accessor) for each part of an object, until
// that returns false, and returns how many parts are left out. It looks into
// as many holes of arrays as the state has left.
function branches(value, kind, add, state) {
  let more = 0, indexed = kind === BOXED_STRING;
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
  } else if (kind === MAP_ITERATOR || kind === SET_ITERATOR) {
    const holder = { __proto__: null, list: undefined };
    const pairs = native.entries(value, holder), values = holder.list;
    each(pairs ? values.length / 2 : values.length, key => (pairs ?
      add(clip(inspect(values[2 * key], walk(100, 0)), 100) + ' =>', values[2 * key + 1]) : add(key, values[key])));
  } else if (kind === TYPED_ARRAY) {
    indexed = true;
    each(typedArrayLength(value), key => add(key, value[key]));
  } else if (isArray(value) || kind === ARGUMENTS) {
    indexed = true;
    const length = lengthOf(value);
    let shown = 0;
    const next = elements(value, length, state, (index, it) => {
      if (shown === MANY || !property('' + index, it)) return false;
      shown++;
      return true;
    }, () => true);
    more += length - next;
  }
  const names = indexed ? namesOf(value) : ownKeys(value);
  let shown = 0;
  for (let i = 0; i < names.length; i++) {
    const name = names[i], it = getOwnPropertyDescriptor(value, name);
    if (it === undefined || !it.enumerable && kind !== ERROR) continue;
    if (kind === ERROR && (name === 'message' || name === 'name')) continue;
    const key = clip(typeof name === 'symbol' ? '[' + symbol(name) + ']' : propertyName(name), 100);
    if (kind === ERROR && name === 'stack') {
      const stack = native.stack(value);
      if (stack !== '') add('stack', stack);
      continue;
    }
    if (shown === MANY || !property(key, it)) return more + countShown(value, names, i);
    shown++;
  }
  return more;
}
