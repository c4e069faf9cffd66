"use strict";
// `await input("Name? ")` in a cell: a question to whoever runs the notebook.

const { randomUUID } = require("node:crypto");

// what a cell waits for is a promise of its own making
const { Promise: CellPromise } = globalThis;

/**
 * Installs the global `input`, and takes the answers.
 * @param {{ cell(): object | undefined, ask(cell: object, content: object, id: string): void }} session ask sends input_request, the message of
 *   this id, to the cell's front end
 * @returns a function that takes what comes on the stdin channel
 */
function installInput({ cell, ask }) {
  /** Questions of the running cell in the order in which they were put: a front end shows one at a time. */
  const open = [];
  /** Ids of questions that were asked and need no answer any more; one may be on its way. */
  const withdrawn = new Set();

  function next() {
    if (open.length > 0) ask(open[0].asking, open[0].question, open[0].id);
  }

  function withdraw() {
    if (open.length > 0) withdrawn.add(open[0].id);
    open.splice(0);
  }

  globalThis.input = function input(prompt = "", password = false) {
    const asking = cell();
    if (!asking?.allowStdin)
      return CellPromise.reject(new Error("input: the front end must be able to ask, and this one cannot"));
    return new CellPromise((resolve, reject) => {
      const stopped = () => {
        reject(asking.signal.reason);
        withdraw();
      };
      asking.signal.addEventListener("abort", stopped, { once: true });
      if (open[0]?.asking !== asking) withdraw(); // of a cell that has ended
      open.push({ id: randomUUID(), asking, question: { prompt: String(prompt), password: Boolean(password) }, resolve });
      if (open.length === 1) next();
    });
  };

  return ({ header, parent, content }) => {
    if (header.msg_type !== "input_reply" || open.length === 0 || withdrawn.delete(parent.msg_id)) return;
    const { resolve } = open.shift();
    next();
    resolve(String(content.value ?? ""));
  };
}

module.exports = { installInput };
