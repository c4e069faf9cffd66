"use strict";
// One execution of a cell, and whose output it is.
const { AsyncLocalStorage } = require("node:async_hooks");

/**
 * @param {{ code: string, count: number, label: string, parent: object, ids: Uint8Array[], allowStdin: boolean, silent: boolean }} facts
 *   parent is the header of the request, count the number beside the cell
 */
function createCell(facts) {
  const controller = new AbortController();
  return {
    ...facts,
    /** Aborted at interrupt: libraries stop their fits by it. */
    signal: controller.signal,
    interrupt({ message }) {
      controller.abort(new DOMException(message, "AbortError")); // by this name a tracked run is cancelled, not failed
      this.stop(controller.signal.reason);
    },
    /** Ends the wait for the cell's code, where it is waited for. */
    stop() {},
    /** Displays that are still being made. */
    pending: [],
    /** What the front end is asked to do after the cell. */
    payload: [],
    /** @type {{ value: unknown } | undefined} the last expression's value */
    result: undefined,
    /** @type {{ thrown: unknown } | undefined} */
    failure: undefined,
    /** What the type checker found. */
    diagnostics: [],
  };
}

/** Knows in whose name code runs: output of a timer or a promise goes to the cell that made it. */
function createCells() {
  const storage = new AsyncLocalStorage();
  let latest;
  let running;
  return {
    /** Runs `work` in the name of a cell. */
    run(cell, work) {
      latest = cell;
      return storage.run(cell, work);
    },
    /** Runs `work` in the name of a message that is no cell. */
    within: (cell, work) => storage.run(cell, work),
    /** The cell whose code runs now, else the latest one. */
    owner: () => storage.getStore() ?? running ?? latest,
    /** The cell that has been started and has not ended. */
    get running() {
      return running;
    },
    set running(cell) {
      running = cell;
    },
  };
}

module.exports = { createCell, createCells };
