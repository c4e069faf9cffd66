"use strict";
// Runs cells one after another on tslab's executor, and stops them.
const { isNativeError } = require("node:util/types");
const { createExecutor } = require("tslab/dist/executor.js");
const { createCell } = require("./cell.cjs");
const { running: cellRuns } = require("./signals.cjs");
const { Interrupted } = require("./traceback.cjs");

const wrapperLength = { sync: "(function(exports, require) { ".length, async: "(async function(exports, require) { ".length };

/**
 * @param {{ converter: object, cells: ReturnType<import("./cell.cjs").createCells>, flags: ReturnType<import("./signals.cjs").signals>,
 *   tracebacks: ReturnType<import("./traceback.cjs").createTracebacks> }} parts
 */
function createExecution({ converter, cells, flags, tracebacks }) {
  let unnamed = 0;

  const guarded = {
    ...converter,
    convert(previous, source) {
      const cell = cells.running;
      const result = flags.whileCompiling(() => converter.convert(previous, source));
      if (flags.take()) cell.interrupt(new Interrupted());
      if (cell.signal.aborted) throw cell.signal.reason;
      cell.diagnostics = result.diagnostics;
      if (!result.output) return result;
      const shift = result.hasToplevelAwait ? wrapperLength.async : wrapperLength.sync;
      tracebacks.addCell(cell.label, {
        code: source,
        positions: result.positions,
        lines: result.output.split("\n").length,
        shift,
      });
      for (const [path, positions] of result.sidePositions) tracebacks.addFile(path, positions);
      return { ...result, output: `${result.output}\n//# sourceURL=${cell.label}` };
    },
    inspect: (...given) => flags.whileCompiling(() => converter.inspect(...given)),
    complete: (...given) => flags.whileCompiling(() => converter.complete(...given)),
    /** A cell that begins with `@module name` is a file to import; what the checker says of it is the cell's error. */
    addModule(...given) {
      cells.running.diagnostics = flags.whileCompiling(() => converter.addModule(...given));
      return cells.running.diagnostics;
    },
  };

  const executor = createExecutor(
    process.cwd(),
    { node: guarded, browser: guarded, close: () => converter.close() },
    {
      log: (value) => {
        cells.owner().result = { value };
      },
      // tslab prints diagnostics with a format and their parts, what was thrown alone
      error: (thrown, ...parts) => {
        if (parts.length === 0) cells.owner().failure = { thrown };
      },
    },
  );

  /**
   * Runs code, and returns its cell with `result`, `failure` or `diagnostics` set.
   * @param {object} facts as createCell takes them, without label
   */
  async function run(facts) {
    const cell = createCell({ ...facts, label: facts.silent ? `In[silent ${++unnamed}]` : `In[${facts.count}]` });
    cells.running = cell;
    flags.clear();
    flags.phase = cellRuns;
    try {
      // in a turn of its own: what terminates the code must not take our caller with it
      const outcome = new Promise((resolve, reject) => {
        setImmediate(() => cells.run(cell, () => executor.execute(cell.code)).then(resolve, reject));
      });
      await Promise.race([outcome, cell.interrupted]);
    } catch (thrown) {
      cell.failure = { thrown };
    }
    return cell;
  }

  /** Ends the running cell's turn once its displays are out. */
  async function end(cell) {
    await Promise.race([Promise.allSettled(cell.pending), cell.interrupted.catch(() => {})]);
    if (stopped(cell)) cell.failure = { thrown: new Interrupted() };
    flags.clear();
    cells.running = undefined;
  }

  return {
    executor,
    run,
    end,
    /** Stops the running cell, if there is one. */
    interrupt() {
      const cell = cells.running;
      if (!cell) return;
      cell.interrupt(new Interrupted());
      executor.interrupt();
    },
  };
}

/** Whether a cell was interrupted, its synchronous first part by SIGINT included. */
function stopped({ signal, failure }) {
  const thrown = failure?.thrown;
  return signal.aborted || (isNativeError(thrown) && thrown.code === "ERR_SCRIPT_EXECUTION_INTERRUPTED");
}

module.exports = { createExecution };
