"use strict";
// `await input("Name? ")` in a cell: a question to whoever runs the notebook.

/**
 * Installs the global `input`, and takes the answers.
 * @param {{ cell(): object | undefined, ask(cell: object, content: object): void }} session ask sends input_request to the cell's front end
 * @returns a function that takes the content of input_reply
 */
function installInput({ cell, ask }) {
  /** @type {((text: string) => void) | undefined} */
  let waiting;

  globalThis.input = function input(prompt = "", password = false) {
    const asking = cell();
    if (!asking?.allowStdin) return Promise.reject(new Error("input: the front end must be able to ask, and this one cannot"));
    return new Promise((resolve, reject) => {
      waiting = resolve;
      asking.signal.addEventListener("abort", () => reject(asking.signal.reason), { once: true });
      ask(asking, { prompt: String(prompt), password: Boolean(password) });
    });
  };

  return ({ value }) => {
    const answer = waiting;
    waiting = undefined;
    answer?.(String(value ?? ""));
  };
}

module.exports = { installInput };
