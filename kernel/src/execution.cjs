"use strict";
// Runs cells one after another on tslab's executor, and stops them.
// of the module: cells may replace the globals
const { setImmediate: inTurn } = require("node:timers");
const { isNativeError } = require("node:util/types");
const { createExecutor } = require("tslab/dist/executor.js");
const { createCell } = require("./cell.cjs");
const { Interrupted } = require("./traceback.cjs");

const wrapperLength = { sync: "(function(exports, require) { ".length, async: "(async function(exports, require) { ".length };

/** TypeScript writes it into every module, and the executor's exports do not take it; without it a cell needs no global. */
const moduleMark = 'Object.defineProperty(exports, "__esModule", { value: true });';

/**
 * @param {{ converter: object, cells: ReturnType<import("./cell.cjs").createCells>, flags: ReturnType<import("./signals.cjs").signals>,
 *   tracebacks: ReturnType<import("./traceback.cjs").createTracebacks> }} parts
 */
function createExecution({ converter, cells, flags, tracebacks }) {
  let unnamed = 0;

  /** The compiler's work must not be torn off in the middle. */
  const compiled = (work) =>
    flags.own(work, () => {
      throw new Interrupted();
    });

  const guarded = {
    ...converter,
    convert(previous, source) {
      const cell = cells.running;
      const result = compiled(() => converter.convert(previous, source));
      if (flags.heed()) interrupt();
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
      return { ...result, output: `${result.output.replace(moduleMark, "")}\n//# sourceURL=${cell.label}` };
    },
    /** A cell that begins with `@module name` is a file to import; what the checker says of it is the cell's error. */
    addModule(...given) {
      cells.running.diagnostics = compiled(() => converter.addModule(...given));
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

  // what the executor hands to every cell; a cell that took it away would end all later ones
  Object.defineProperty(globalThis, "__tslab__", { writable: false, configurable: false, enumerable: false });

  /**
   * Gives the main thread to a cell's code, and resolves as `work` does once it is ours again; rejects where the cell is interrupted.
   * Each change of hands is in a turn of its own: ending what runs takes away all that the turn would still do.
   */
  function hand(cell, work) {
    return new Promise((resolve, reject) => {
      let out = true;
      const back = (settle) => (value) => {
        inTurn(() => {
          if (!out || !flags.enter()) return; // what is being ended now is told of again
          out = false;
          settle(value);
        });
      };
      cell.stop = back(reject);
      inTurn(() => {
        flags.leave();
        if (flags.heed()) interrupt();
        if (cell.signal.aborted) cell.stop(cell.signal.reason);
        else cells.run(cell, work).then(back(resolve), back(reject));
      });
    });
  }

  /**
   * Runs code, and returns its cell with `result`, `failure` or `diagnostics` set.
   * @param {object} facts as createCell takes them, without label
   */
  async function run(facts) {
    const cell = createCell({ ...facts, label: facts.silent ? `In[silent ${++unnamed}]` : `In[${facts.count}]` });
    cells.running = cell;
    try {
      await hand(cell, () => executor.execute(cell.code));
    } catch (thrown) {
      cell.failure = { thrown };
    }
    return cell;
  }

  /** What a cell's value makes of itself; undefined where the cell is interrupted. */
  async function show(cell, make) {
    try {
      return await hand(cell, async () => make());
    } catch {
      return undefined;
    }
  }

  /** Ends the running cell's turn once its displays are out. */
  async function end(cell) {
    if (cell.pending.length > 0) await show(cell, () => Promise.allSettled(cell.pending));
    if (stopped(cell)) cell.failure = { thrown: new Interrupted() };
    cells.running = undefined;
    executor.interrupt(); // else its promise of an interrupt would hold every cell that has waited
  }

  /** Stops the running cell, if there is one. */
  function interrupt() {
    const cell = cells.running;
    if (!cell) return;
    cell.interrupt(new Interrupted());
    executor.interrupt();
  }

  return { executor, run, show, end, interrupt };
}

/** Whether a cell was interrupted, its synchronous first part by SIGINT included. */
function stopped({ signal, failure }) {
  return signal.aborted || codeOf(failure?.thrown) === "ERR_SCRIPT_EXECUTION_INTERRUPTED";
}

function codeOf(thrown) {
  try {
    return isNativeError(thrown) ? thrown.code : undefined;
  } catch {
    return undefined; // a getter that throws
  }
}

module.exports = { createExecution };
