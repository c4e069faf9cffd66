"use strict";
// execute_request: counts, publishes, answers, and aborts what waits behind an error.
const { bundleOf } = require("./display.cjs");

/**
 * @param {{ execution: ReturnType<import("./execution.cjs").createExecution>, history: ReturnType<import("./history.cjs").createHistory>,
 *   tracebacks: ReturnType<import("./traceback.cjs").createTracebacks>, publish(type: string, content: object, cell: object): void,
 *   warn(text: string, cell: object): void }} parts
 */
function createSession({ execution, history, tracebacks, publish, warn }) {
  let count = 0;
  let failedAt = Number.NEGATIVE_INFINITY;

  const errorOf = ({ label, code, failure, diagnostics }) => {
    if (failure) return tracebacks.describe(failure.thrown);
    return diagnostics.length > 0 ? tracebacks.describeDiagnostics(label, code, diagnostics) : undefined;
  };

  /** Values of expressions that a front end wants to know after the cell. */
  async function evaluate(expressions, facts) {
    const answers = {};
    for (const [name, expression] of Object.entries(expressions)) {
      const cell = await execution.run({ ...facts, code: `(${expression}\n)`, silent: true });
      const data = await bundleOf(cell.result?.value, () => {});
      await execution.end(cell);
      const error = errorOf(cell);
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
      const entry = storeHistory && !silent ? history.add(count, code) : undefined;

      const cell = await execution.run(facts);
      let data;
      if (cell.result && !cell.failure) data = await Promise.race([bundle(cell), cell.interrupted.catch(() => undefined)]);
      await execution.end(cell);
      const error = errorOf(cell);
      if (!silent && data && !error) {
        publish("execute_result", { execution_count: count, data, metadata: {} }, cell);
        if (entry) entry.output = data["text/plain"];
      }
      if (!error) {
        const answers = await evaluate(expressions, facts);
        return { status: "ok", execution_count: count, user_expressions: answers, payload: cell.payload };
      }
      if (!silent) publish("error", error, cell);
      if (stopOnError) failedAt = performance.timeOrigin + performance.now();
      return { status: "error", execution_count: count, ...error, user_expressions: {}, payload: [] };
    },
  };

  function bundle(cell) {
    return bundleOf(cell.result.value, (text) => warn(text, cell));
  }
}

module.exports = { createSession };
