"use strict";
// Comms: what cells and the front end tell each other beside the outputs of cells, also after a cell has ended.
const { randomUUID } = require("node:crypto");
const { isAnyArrayBuffer } = require("node:util/types");
const { createCell } = require("./cell.cjs");
const { jsonOf } = require("./display.cjs");

/** What the front end says is made of the cells' own objects. */
const { parse } = globalThis.JSON;
const given = (data) => parse(JSON.stringify(data ?? {}));

/**
 * @param {{ publish(type: string, content: object, cell?: object, more?: object): void, cells: ReturnType<import("./cell.cjs").createCells>,
 *   describe(thrown: unknown): { traceback: string[] }, warn(text: string, cell: object): void }} parts
 */
function createComms({ publish, cells, describe, warn }) {
  /** @type {Map<string, { comm: object, hears: Record<"message" | "close", Function[]> }>} */
  const open = new Map();
  /** @type {Map<string, Function>} */
  const targets = new Map();

  function add(id, target) {
    const hears = { message: [], close: [] };
    const tell = (type, data, { metadata, buffers = [] } = {}) => {
      if (!open.has(id)) throw new Error(`comm: must be open, got ${type} to ${target} after its close`);
      publish(type, { comm_id: id, data: sendable(data) }, undefined, { metadata, buffers: bytesOf(buffers) });
    };
    const comm = {
      id,
      target,
      get closed() {
        return !open.has(id);
      },
      send: (data = {}, more = {}) => tell("comm_msg", data, more),
      close(data = {}, more = {}) {
        if (!open.has(id)) return;
        tell("comm_close", data, more);
        open.delete(id);
      },
      onMessage: (listener) => void hears.message.push(callable("onMessage", listener)),
      onClose: (listener) => void hears.close.push(callable("onClose", listener)),
    };
    open.set(id, { comm, hears });
    return comm;
  }

  /** Calls a cell's functions in the name of a message: what they print and show belongs to it. */
  function call(functions, message, ...before) {
    const { header: parent, ids, content, metadata, buffers } = message;
    const cell = createCell({ code: "", count: 0, label: "comm", parent, ids, allowStdin: false, silent: false });
    cells.within(cell, () => {
      for (const each of functions) {
        try {
          each(...before, given(content.data), { metadata: given(metadata), buffers });
        } catch (thrown) {
          warn(`${describe(thrown).traceback.join("\n")}\n`, cell);
        }
      }
    });
  }

  return {
    /** What cells use; see kernel/README.md. */
    ofCells: {
      open(target, data = {}, { id = randomUUID(), metadata, buffers = [] } = {}) {
        if (open.has(id)) throw new Error(`comms.open: id must be new, got ${id}`);
        const content = { comm_id: id, target_name: String(target), data: sendable(data) };
        publish("comm_open", content, undefined, { metadata, buffers: bytesOf(buffers) });
        return add(id, String(target));
      },
      target: (name, opened) => void targets.set(String(name), callable("target", opened)),
    },

    /** The content of comm_info_reply. */
    info({ target_name: wanted }) {
      const found = [...open.values()].map(({ comm }) => comm).filter(({ target }) => wanted === undefined || target === wanted);
      return { status: "ok", comms: Object.fromEntries(found.map(({ id, target }) => [id, { target_name: target }])) };
    },

    /** Takes what the front end says; a comm that nobody here knows is closed at once. */
    take: {
      comm_open(message) {
        const { comm_id: id, target_name: target } = message.content;
        const opened = targets.get(target);
        if (opened) call([opened], message, add(id, target));
        else publish("comm_close", { comm_id: id, data: {} }, { parent: message.header });
      },
      comm_msg(message) {
        const known = open.get(message.content.comm_id);
        if (known) call(known.hears.message, message);
      },
      comm_close(message) {
        const known = open.get(message.content.comm_id);
        open.delete(message.content.comm_id);
        if (known) call(known.hears.close, message);
      },
    },
  };
}

function callable(who, listener) {
  if (typeof listener !== "function") throw new TypeError(`comms.${who}: listener must be a function, got ${typeof listener}`);
  return listener;
}

function sendable(data) {
  try {
    return jsonOf(data);
  } catch (cause) {
    throw new TypeError("comm: data must be JSON", { cause });
  }
}

/** Each buffer as bytes of its own. */
function bytesOf(buffers) {
  return Array.from(buffers, (buffer) => {
    if (isAnyArrayBuffer(buffer)) return new Uint8Array(buffer).slice();
    if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).slice();
    throw new TypeError(`comm: buffers must hold bytes, got ${typeof buffer}`);
  });
}

module.exports = { createComms };
