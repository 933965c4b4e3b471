// Timers: callbacks stay here, the isolate's Go side keeps their times.

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
    // The isolate calls it: what it throws is uncaught, no promise is rejected by it.
    then(resolved, () => { native.alone(callback, undefined); });
  });
}

// Waits of Atomics.waitAsync that a time-out ends. V8 keeps that to itself, so
// each is a timer without a callback as well: the run goes on until it is due.
let waits = list();

function openWaits() {
  const { waitAsync } = Atomics;
  const wait = bind(function (array, index, value, timeout) {
    let ms = typeof timeout === 'number' ? timeout : Infinity;
    // V8 converts the time-out, once and last of the arguments.
    const once = typeof timeout === 'number' || timeout === undefined ? timeout :
      { __proto__: null, [toPrimitive]: () => (ms = +timeout) };
    const result = waitAsync(array, index, value, once);
    if (own(result, 'async') === true && ms < Infinity) {
      put(waits, { __proto__: null, promise: own(result, 'value'), timer: native.timer(min(ms, 2147483647) + WAIT_SLACK, false) });
    }
    return result;
  }, undefined);
  defineProperty(wait, 'name', { __proto__: null, value: 'waitAsync', writable: false, enumerable: false, configurable: true });
  defineProperty(Atomics, 'waitAsync', { __proto__: null, value: wait, writable: true, enumerable: false, configurable: true });
}

// By then V8's own time-out is due, too.
const WAIT_SLACK = 1;

// Forgets the waits that are over.
function sweepWaits() {
  const left = list();
  for (let i = 0; i < waits.length; i++) {
    if (native.promiseState(waits[i].promise) === 0) put(left, waits[i]);
    else native.clearTimer(waits[i].timer);
  }
  waits = left;
}
