"use strict";
// What cells print, and errors that nobody caught, go to the front end; what Node itself has to say goes to the server's log.
const { EventEmitter } = require("node:events");
const fs = require("node:fs");
const { syncBuiltinESMExports } = require("node:module");
const { log } = require("./log.cjs");

// cells may put others in their place
const { nextTick } = process;
const { apply } = Reflect;
/** The cells' own; Node itself needs it after each turn. */
const { prototype: lists } = globalThis.Array;
const { pop } = lists;

/**
 * Redirects standard output and error, and keeps the kernel alive through uncaught errors.
 * @param {{ stream(name: "stdout" | "stderr", text: string): void, describe(thrown: unknown): { traceback: string[] } }} parts
 */
function catchOutput({ stream, describe }) {
  for (const name of ["stdout", "stderr"]) redirect(name, stream);
  keepFiles();
  keepCatching();
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log(warning));
  const report = (what) => (thrown) => {
    if (lists.pop !== pop) lists.pop = pop; // else every turn would end in an error, for ever
    stream("stderr", `${what}\n${describe(thrown).traceback.join("\n")}\n`);
  };
  // no listener: libraries add listeners that throw again, and cells remove them all
  process.setUncaughtExceptionCaptureCallback(report("Uncaught outside the cell:"));
  process.on("unhandledRejection", report("Rejection that nobody handled:"));
}

function redirect(name, stream) {
  const decoder = new TextDecoder();
  const file = process[name];
  // the file is the parent's too: as Node opens it, the parent's own writes would fail while it is full, and for ever once a cell has ended it
  file._handle?.setBlocking?.(true);
  file._final = (done) => done();
  file.write = (chunk, encoding, callback) => {
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }); // a character may be cut in two
    if (text) stream(name, text);
    const done = typeof encoding === "function" ? encoding : callback;
    if (done) nextTick(done);
    return true;
  };
}

/** Cells cannot close the standard files: the next thing that is opened, a socket of ours, would get the number to which Node's words go. */
function keepFiles() {
  const { close, closeSync } = fs;
  const isStandard = (file) => file === 0 || file === 1 || file === 2;
  fs.closeSync = (file) => (isStandard(file) ? undefined : closeSync(file));
  fs.close = (file, ...rest) => {
    if (!isStandard(file)) close(file, ...rest);
    else if (typeof rest[0] === "function") nextTick(rest[0], null);
  };
  syncBuiltinESMExports();
}

/** Node asks `process.emit` before it tells us of an uncaught error: a cell's function in its place that throws would end the process. */
function keepCatching() {
  let { emit } = EventEmitter.prototype;
  const guarded = (event, ...given) => {
    try {
      return apply(emit, process, [event, ...given]);
    } catch (error) {
      if (event !== "uncaughtExceptionMonitor") throw error;
      return false;
    }
  };
  const set = (other) => {
    emit = other;
  };
  Object.defineProperty(process, "emit", { get: () => guarded, set, enumerable: true, configurable: false });
  Object.defineProperty(process, "_fatalException", { writable: false, configurable: false });
}

module.exports = { catchOutput };
