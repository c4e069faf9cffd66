"use strict";
// Timers that a cell sets end with the cell when it is interrupted: a loop that sleeps between its steps stops.

/**
 * Wraps setTimeout, setInterval and setImmediate. Only calls written in a cell are bound to it: a library's own timers go on.
 * @param {() => { signal: AbortSignal } | undefined} cell the cell in whose name code runs
 */
function bindTimers(cell) {
  for (const name of ["setTimeout", "setInterval", "setImmediate"]) {
    const original = globalThis[name];
    const bound = (callback, ...rest) => {
      const owner = typeof callback === "function" && calledFromCell(bound) ? cell() : undefined;
      if (!owner) return original(callback, ...rest);
      const handle = original(
        (...args) => {
          if (owner.signal.aborted) clearInterval(handle);
          else callback(...args);
        },
        ...rest,
      );
      return handle;
    };
    globalThis[name] = Object.defineProperties(bound, Object.getOwnPropertyDescriptors(original));
  }
}

function calledFromCell(callee) {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  const place = {};
  Error.captureStackTrace(place, callee);
  Error.stackTraceLimit = limit;
  return /\bIn\[/.test(place.stack);
}

module.exports = { bindTimers };
