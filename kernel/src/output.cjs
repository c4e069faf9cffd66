"use strict";
// What cells print, and errors that nobody caught, go to the front end; what Node itself has to say goes to the server's log.
const { log } = require("./log.cjs");

/**
 * Redirects standard output and error, and keeps the kernel alive through uncaught errors.
 * @param {{ stream(name: "stdout" | "stderr", text: string): void, describe(thrown: unknown): { traceback: string[] } }} parts
 */
function catchOutput({ stream, describe }) {
  for (const name of ["stdout", "stderr"]) redirect(name, stream);
  process.removeAllListeners("warning");
  process.on("warning", (warning) => log(warning));
  const report = (what) => (thrown) => stream("stderr", `${what}\n${describe(thrown).traceback.join("\n")}\n`);
  process.on("uncaughtException", report("Uncaught outside the cell:"));
  process.on("unhandledRejection", report("Rejection that nobody handled:"));
}

function redirect(name, stream) {
  const decoder = new TextDecoder();
  process[name].write = (chunk, encoding, callback) => {
    const text = typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }); // a character may be cut in two
    if (text) stream(name, text);
    const done = typeof encoding === "function" ? encoding : callback;
    if (done) process.nextTick(done);
    return true;
  };
}

module.exports = { catchOutput };
