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
    then(resolved, () => { apply(callback, undefined, list()); });
  });
}
