"use strict";
// The sending side of a socket: messages leave in order, and pieces of one text stream that follow each other leave as one message.

const gatherMs = 10;
/** A longer text leaves in pieces. */
const charactersTogether = 128 * 1024;

/**
 * @param {{ send(frames: unknown[]): Promise<void> }} socket sends one message at a time
 * @param {{ write(message: object): unknown[] }} wire
 * @param {(weight: number) => void} [left] hears the `weight` of each message that has left
 */
function createOutlet(socket, wire, left = () => {}) {
  let last = Promise.resolve();
  let stream;
  let timer;

  function push(message) {
    const frames = wire.write({ ids: [], ...message });
    last = last
      .then(() => socket.send(frames))
      .catch(() => {}) // the peer is gone
      .then(() => left(message.weight ?? 0));
  }

  function flush() {
    clearTimeout(timer);
    if (!stream) return;
    const { parent, name, texts, weight } = stream;
    stream = undefined;
    const pieces = cut(texts.join(""));
    for (const [k, text] of pieces.entries()) {
      const content = JSON.stringify({ name, text });
      push({ ids: ["stream"], type: "stream", parent, content, weight: k === pieces.length - 1 ? weight : 0 });
    }
  }

  return {
    /** Sends a message, or a piece of a text stream: `{ stream: "stdout" | "stderr", text, parent }`. */
    send(message) {
      if (message.stream === undefined) {
        flush();
        push(message);
        return;
      }
      if (stream && (stream.name !== message.stream || stream.parent.msg_id !== message.parent.msg_id)) flush();
      if (!stream) {
        stream = { name: message.stream, parent: message.parent, texts: [], length: 0, weight: 0 };
        timer = setTimeout(flush, gatherMs);
      }
      stream.texts.push(message.text);
      stream.length += message.text.length;
      stream.weight += message.weight ?? 0;
      if (stream.length >= charactersTogether) flush();
    },
    /** Resolves when everything has left. */
    async drained() {
      flush();
      await last;
    },
  };
}

/** A text in pieces that may be sent; no character is cut in two. */
function cut(text) {
  const pieces = [];
  for (let from = 0; from < text.length; ) {
    let to = Math.min(text.length, from + charactersTogether);
    if (to < text.length && isHigh(text.charCodeAt(to - 1))) to++;
    pieces.push(text.slice(from, to));
    from = to;
  }
  return pieces;
}

/** Whether a UTF-16 unit is the first of two. */
const isHigh = (unit) => unit >= 0xd800 && unit <= 0xdbff;

module.exports = { createOutlet };
