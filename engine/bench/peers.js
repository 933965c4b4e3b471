// Measures what this app is compared with, a batch for each line on standard
// input, so that our own measurements can go in turn: {"what", "n"} in,
// {"samples": […]} out, in milliseconds (nanoseconds for callbacks). What comes
// first in a turn is not counted, here as there.
'use strict';
const readline = require('node:readline');
const { Worker } = require('node:worker_threads');

let ivm;
try { ivm = require('isolated-vm'); } catch { ivm = undefined; }

const ms = begin => Number(process.hrtime.bigint() - begin) / 1e6;

const measures = {
  'isolated-vm run_to_result'() {
    const begin = process.hrtime.bigint();
    const isolate = new ivm.Isolate({ memoryLimit: 128 });
    const result = isolate.compileScriptSync('10 + 20').runSync(isolate.createContextSync());
    const took = ms(begin);
    isolate.dispose();
    if (result !== 30) throw new Error('10 + 20 gave ' + result);
    return took;
  },
  'isolated-vm stop'() {
    const isolate = new ivm.Isolate({ memoryLimit: 128 });
    const script = isolate.compileScriptSync('while (true) {}');
    const context = isolate.createContextSync();
    const timeout = 200; // as stopLimit in bench.go
    const begin = process.hrtime.bigint();
    try { script.runSync(context, { timeout }); } catch { /* as it must */ }
    const took = ms(begin) - timeout;
    isolate.dispose();
    return took;
  },
  'isolated-vm callback'() {
    const isolate = new ivm.Isolate({ memoryLimit: 128 });
    const context = isolate.createContextSync();
    context.global.setSync('call', new ivm.Callback(() => 1));
    const script = isolate.compileScriptSync('for (let i = 0; i < 20000; i++) call()');
    const begin = process.hrtime.bigint();
    script.runSync(context);
    const took = ms(begin) * 1e6 / 20000;
    isolate.dispose();
    return took;
  },
  'worker_threads run_to_result'() {
    const begin = process.hrtime.bigint();
    return new Promise((resolve, reject) => {
      const worker = new Worker('require("node:worker_threads").parentPort.postMessage(10 + 20)', { eval: true });
      worker.once('error', reject);
      worker.once('message', () => {
        const took = ms(begin);
        worker.terminate().then(() => resolve(took));
      });
    });
  },
};

async function answer(line) {
  const { what, n } = JSON.parse(line);
  if (what === 'version') return { isolatedVM: ivm && require('isolated-vm/package.json').version, node: process.version };
  await measures[what](); // not counted: the machine was another's until now
  const samples = [];
  for (let i = 0; i < n; i++) samples.push(await measures[what]());
  return { samples };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let out;
    try { out = await answer(line); } catch (e) { out = { error: String(e && e.message) }; }
    process.stdout.write(JSON.stringify(out) + '\n');
  }
})();
