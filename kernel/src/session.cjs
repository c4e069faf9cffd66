"use strict";
// execute_request: counts, publishes, answers, and aborts what waits behind an error.
const { bundleOf } = require("./display.cjs");
const { Interrupted } = require("./traceback.cjs");

/** In place of a description that an error's own code prevents. */
const indescribable = {
  ename: "Error",
  evalue: "what was thrown cannot be described",
  traceback: ["what was thrown cannot be described"],
};

/**
 * @param {{ execution: ReturnType<import("./execution.cjs").createExecution>, history: ReturnType<import("./history.cjs").createHistory>,
 *   tracebacks: ReturnType<import("./traceback.cjs").createTracebacks>, publish(type: string, content: object, cell: object): void,
 *   warn(text: string, cell: object): void }} parts
 */
function createSession({ execution, history, tracebacks, publish, warn }) {
  let count = 0;
  let failedAt = Number.NEGATIVE_INFINITY;

  /** Runs a cell to its end; answers with what its value shows, or with its error. Either may run user's code. */
  async function run(facts, say) {
    const cell = await execution.run(facts);
    const { label, code, failure, diagnostics, result } = cell;
    let error;
    let data;
    if (failure) error = await execution.show(cell, () => tracebacks.describe(failure.thrown));
    else if (diagnostics.length > 0) error = tracebacks.describeDiagnostics(label, code, diagnostics);
    else if (result || facts.valued) data = await execution.show(cell, () => bundleOf(result?.value, (text) => say(text, cell)));
    await execution.end(cell);
    const last = cell.failure?.thrown;
    if (last instanceof Interrupted) error = tracebacks.describe(last);
    else if (cell.failure) error ??= indescribable;
    return { cell, data, error };
  }

  /** Values of expressions that a front end wants to know after the cell. */
  async function evaluate(expressions, facts) {
    const answers = {};
    for (const [name, expression] of Object.entries(expressions)) {
      const { data, error } = await run({ ...facts, code: `(${expression}\n)`, silent: true, valued: true }, () => {});
      answers[name] = error ? { status: "error", ...error } : { status: "ok", data, metadata: {} };
    }
    return answers;
  }

  return {
    /**
     * The content of execute_reply.
     * @param {{ header: object, ids: Uint8Array[], content: object }} message
     * @param {number} receivedAt when it arrived; what arrived before an error is aborted
     */
    async execute({ header: parent, ids, content }, receivedAt) {
      const { code = "", silent = false, allow_stdin: allowStdin = false, stop_on_error: stopOnError = true } = content;
      const { store_history: storeHistory = !silent, user_expressions: expressions = {} } = content;
      if (receivedAt < failedAt) return { status: "aborted", execution_count: count };

      if (!silent) count++;
      const facts = { code, count, parent, ids, allowStdin, silent };
      if (!silent) publish("execute_input", { code, execution_count: count }, facts);
      const remember = storeHistory && !silent ? history.add(count, code) : undefined;

      const { cell, data, error } = await run(facts, warn);
      if (error) {
        if (stopOnError) failedAt = performance.timeOrigin + performance.now(); // first: what is sent once the error is seen is meant to run
        if (!silent) publish("error", error, cell);
        return { status: "error", execution_count: count, ...error, user_expressions: {}, payload: [] };
      }
      if (data && !silent) {
        publish("execute_result", { execution_count: count, data, metadata: {} }, cell);
        remember?.(data["text/plain"]);
      }
      const answers = await evaluate(expressions, facts);
      return { status: "ok", execution_count: count, user_expressions: answers, payload: cell.payload };
    },
  };
}

module.exports = { createSession };
