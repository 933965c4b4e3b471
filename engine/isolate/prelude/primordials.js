// The prelude: what a guest finds in its room besides the language itself, and
// how the room looks at what a guest leaves behind. It runs once, before any
// guest, and captures every primordial it needs; later it calls nothing that a
// guest can replace: no method by name, no iterator, no getter, no toString.
//
// Arrays of our own have no prototype, because a setter on Array.prototype
// would see what is stored in an ordinary one. Property reads go through
// descriptors, and only after asking native.kind whether the object is a proxy.
//
// The parts of this folder are joined, in the order that isolate/prelude.go
// gives, into the body of one strict function of `native`.

const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const { create, freeze, is, keys: keysOf, prototype: ObjectPrototype, setPrototypeOf } = Object;
const { isArray } = Array;
const { parse, stringify } = JSON;
const { floor, max, min, round, sqrt } = Math;
const { isFinite, parseFloat, parseInt } = Number;
const { toStringTag } = Symbol;
const { Error, TypeError, Proxy, Promise, SharedArrayBuffer, WebAssembly } = globalThis;

const { Atomics, Symbol: { toPrimitive } } = globalThis;
const bind = Function.prototype.call.bind(Function.prototype.bind);
const uncurry = Function.prototype.bind.bind(Function.prototype.call);
const method = (prototype, name) => uncurry(prototype[name]);
const getter = (prototype, name) => uncurry(getOwnPropertyDescriptor(prototype, name).get);

const hasOwn = uncurry(ObjectPrototype.hasOwnProperty);
const charCodeAt = method(String.prototype, 'charCodeAt');
const slice = method(String.prototype, 'slice');
const indexOf = method(String.prototype, 'indexOf');
const isWellFormed = method(String.prototype, 'isWellFormed');
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
const typedArrayName = getter(TypedArray, toStringTag);
const viewLength = getter(DataView.prototype, 'byteLength');
const viewOffset = getter(DataView.prototype, 'byteOffset');
const viewBuffer = getter(DataView.prototype, 'buffer');
const then = method(Promise.prototype, 'then');
const resolved = Promise.resolve();
// V8's own getter of an error's stack, whatever a guest puts in its place.
const stackGetter = getOwnPropertyDescriptor(new Error(), 'stack').get;
// So that then asks no prototype of the guest's for a constructor.
defineProperty(resolved, 'constructor', { __proto__: null, value: undefined });

// What describes a stack's frame. Our own frames are hidden; a builtin's is not.
Error.prepareStackTrace = (error, sites) => sites;
const CallSite = getPrototypeOf([0].map(() => new Error().stack)[0][0]);
delete Error.prepareStackTrace;
const frameIsAsync = method(CallSite, 'isAsync');
const frameFunction = method(CallSite, 'getFunctionName');
const frameLine = method(CallSite, 'getLineNumber');
const frameColumn = method(CallSite, 'getColumnNumber');
const frameScript = method(CallSite, 'getFileName');
const frameIsEval = method(CallSite, 'isEval');
const frameIsAll = method(CallSite, 'isPromiseAll');
const frameIndex = method(CallSite, 'getPromiseIndex');

const list = () => setPrototypeOf([], null);
const put = (to, value) => { to[to.length] = value; };
