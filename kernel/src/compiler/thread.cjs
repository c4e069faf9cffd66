"use strict";
// A thread of its own for the compiler: cells come from the main thread, which waits; questions come from the channel thread at any time.
const { workerData } = require("node:worker_threads");
const { installRunTimeResolution } = require("../resolve.cjs");
const { complete, inspect } = require("../complete.cjs");
const { log } = require("../log.cjs");
const { words } = require("./begin.cjs");

const { kind, folder, memory, work, questions } = workerData;
const flags = new Int32Array(memory);

installRunTimeResolution();
const { createConverter, ts } =
  kind === "tslab" ? require("./tslab.cjs") : { ...require("./converter.cjs"), ts: require("typescript") };
const { createCompleteness } = require("./completeness.cjs");
const isComplete = createCompleteness(ts);

/** Set while something is looked into that a cell would have to wait for. */
let yielding = false;
/** In place of a task's number: no cell stops it. */
const unasked = Number.POSITIVE_INFINITY;
/** The number of the task that is being done. */
let current = unasked;
const cancelled = () => (yielding ? Atomics.load(flags, words.urgent) > 0 : Atomics.load(flags, words.stop) >= current);
let converter;
const ready = () => (converter ??= createConverter({ ts, folder, cancelled }));

const tasks = {
  convert: ({ previous, source, alive }) => ready().convert(previous, source, alive),
  addModule: ({ name, content, meta }) => ready().addModule(name, content, meta),
  restart: ({ names }) => ready().restore(names),
};

work.on("message", (text) => {
  const { task, number, ...given } = JSON.parse(text);
  Atomics.sub(flags, words.urgent, 1);
  current = task === "restart" ? unasked : number;
  work.postMessage(JSON.stringify({ ...done(task, given), number }));
  current = unasked;
  Atomics.store(flags, words.ready, 1);
  Atomics.add(flags, words.answered, 1);
  Atomics.notify(flags, words.answered);
});

/** A task's answer: `result`, which is not there where it was stopped, or `fault`. */
function done(task, given) {
  if (cancelled()) return {};
  try {
    return { result: tasks[task](given) };
  } catch (error) {
    if (error instanceof ts.OperationCanceledException) return {};
    renew();
    return { fault: String(error?.stack ?? error) };
  }
}

/** A compiler that has failed inside is not trusted any further: the next task finds a new one, which knows the same names. */
function renew() {
  const names = converter?.names?.() ?? [];
  try {
    converter?.close();
  } catch {
    // it is given up
  }
  converter = undefined;
  if (names.length > 0) ready().restore(names);
}

const answers = {
  complete_request: (content) => complete(ready(), content),
  inspect_request: (content) => inspect(ready(), content),
  is_complete_request: (content) => isComplete(content),
};

questions.on("message", function answer(text) {
  const { number, type, content } = JSON.parse(text);
  let made;
  yielding = true;
  try {
    made = answers[type](content);
  } catch (error) {
    if (error instanceof ts.OperationCanceledException) {
      setImmediate(answer, text); // a cell came: it is first
      return;
    }
    made = { status: "error", ename: "KernelError", evalue: String(error?.message ?? error), traceback: [] };
    renew();
  } finally {
    yielding = false;
  }
  questions.postMessage(JSON.stringify({ number, content: made }));
});

/** What every cell needs is read before the first one comes. */
setImmediate(() => {
  try {
    if (!converter) ready().warm?.();
  } catch (error) {
    log(error);
  }
  Atomics.store(flags, words.ready, 1);
});
