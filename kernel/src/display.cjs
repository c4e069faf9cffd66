"use strict";
// Values as MIME bundles, and the doors through which cells and libraries show them.
const { inspect } = require("node:util");
const { isPromise, isUint8Array } = require("node:util/types");
const tslabJupyter = require("tslab/dist/jupyter.js");
const tslab = require("tslab");
const { html, md, svg } = require("./html.cjs");

/** The protocol: a method under this symbol returns a MIME bundle, or a promise of one. */
const displaySymbol = Symbol.for("Jupyter.display");

const inspectOptions = { depth: 3, maxArrayLength: 50, maxStringLength: 20_000 };

/**
 * The MIME bundle of a value, or a promise of it where the value takes its time; `text/plain` is always in it.
 * @param {unknown} value
 * @param {(text: string) => void} warn hears of a value that cannot show itself; it is then shown as text
 * @returns {Record<string, unknown> | Promise<Record<string, unknown>>}
 */
function bundleOf(value, warn) {
  const text = () => (isPromise(value) ? `${plainText(value)}: await before it waits for its value` : plainText(value));
  const withText = (bundle) => ("text/plain" in bundle ? bundle : { "text/plain": text(), ...bundle });
  const failed = (error) => {
    warn(`Jupyter.display: ${error instanceof Error ? messageOf(error) : plainText(error)}\n`);
    return withText({});
  };
  try {
    const show = methodOf(value);
    if (!show) return withText({});
    const made = show.call(value);
    return isPromise(made) ? made.then((bundle) => withText(plain(bundle))).catch(failed) : withText(plain(made));
  } catch (error) {
    return failed(error);
  }
}

/** How a value shows itself: by the protocol's symbol, else by a method `toMimeBundle`. */
function methodOf(value) {
  return [value?.[displaySymbol], value?.toMimeBundle].find((method) => typeof method === "function");
}

function plainText(value) {
  try {
    return String(inspect(value, inspectOptions));
  } catch {
    return `[${typeof value} that cannot be shown]`; // its own inspect method or a getter throws
  }
}

/** The bundle as JSON can hold it: bytes in base64, typed arrays as lists, big integers as text. */
function plain(bundle) {
  if (typeof bundle !== "object" || bundle === null) throw new TypeError(`must give a MIME bundle, got ${plainText(bundle)}`);
  const entries = Object.entries(bundle).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([mime, value]) => [mime, isUint8Array(value) ? Buffer.from(value).toString("base64") : jsonOf(value)]),
  );
}

function messageOf(error) {
  try {
    return String(error.message);
  } catch {
    return plainText(error);
  }
}

/** A value as JSON can hold it. */
function jsonOf(value) {
  if (typeof value === "string") return value;
  const text = JSON.stringify(value, (_key, part) => {
    if (typeof part === "bigint") return String(part);
    return ArrayBuffer.isView(part) && !(part instanceof DataView) ? Array.from(part) : part;
  });
  return text === undefined ? String(value) : JSON.parse(text);
}

/**
 * Gives `tslab.display`, and libraries outside the cell, a way to show things.
 * @param {{ publish(type: string, content: object): void, cell(): object | undefined, warn(text: string): void,
 *   comms: ReturnType<import("./comm.cjs").createComms> }} session
 */
function installDisplay({ publish, cell, warn, comms }) {
  const write = (data, displayId, update) =>
    publish(update ? "update_display_data" : "display_data", {
      data,
      metadata: {},
      transient: displayId === undefined ? {} : { display_id: displayId },
    });

  /** Shows a value; where it takes its time, the cell waits for it. */
  function show(value, { displayId, update = false } = {}) {
    const data = bundleOf(value, warn);
    if (isPromise(data)) cell()?.pending.push(data.then((made) => write(made, displayId, update)));
    else write(data, displayId, update);
  }

  // all of tslab's functions go through here
  tslabJupyter.lastWriteDisplayData = ({ data, transient }, update) => write(plain(data), transient.display_id, update);

  const callable = (display) => {
    const own = (value) => {
      show(value, { displayId: display.id, update: display.update === true });
      if (display.id) display.update = true;
    };
    const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(display)).filter((name) => name !== "constructor");
    return Object.assign(own, Object.fromEntries(methods.map((name) => [name, display[name].bind(display)])));
  };
  const { newDisplay } = tslab;
  tslab.display = callable(tslab.display);
  tslab.newDisplay = () => callable(newDisplay());

  tslab.clearOutput = (wait = false) => publish("clear_output", { wait });
  Object.assign(tslab, { html, md, svg, comms: comms.ofCells });
  tslab.page = (text) => cell()?.payload.push({ source: "page", data: { "text/plain": String(text) }, start: 0 });

  // what every cell has
  for (const [name, value] of Object.entries({ display: tslab.display, html, md, svg }))
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });

  // the same for libraries that cannot import tslab; stable, see kernel/README.md
  globalThis[Symbol.for("assay.kernel")] = Object.freeze({
    display(bundle, { displayId, update = false } = {}) {
      if (methodOf(bundle)) show(bundle, { displayId, update });
      else write(plain(bundle), displayId, update);
    },
    comms: comms.ofCells,
    get cell() {
      const now = cell();
      return now && { code: now.code, count: now.count };
    },
    get signal() {
      return cell()?.signal;
    },
  });
}

module.exports = { bundleOf, installDisplay, jsonOf };
