"use strict";
// The sending side of a socket: messages leave in order, and pieces of one text stream that follow each other leave as one message.

const gatherMs = 10;

/**
 * @param {{ send(frames: unknown[]): Promise<void> }} socket sends one message at a time
 * @param {{ write(message: object): unknown[] }} wire
 */
function createOutlet(socket, wire) {
  let last = Promise.resolve();
  let stream;
  let timer;

  function push(message) {
    const frames = wire.write({ ids: [], ...message });
    last = last.then(() => socket.send(frames)).catch(() => {}); // the peer is gone
  }

  function flush() {
    clearTimeout(timer);
    if (!stream) return;
    const { parent, name, texts } = stream;
    stream = undefined;
    push({ ids: [Buffer.from("stream")], type: "stream", parent, content: JSON.stringify({ name, text: texts.join("") }) });
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
        stream = { name: message.stream, parent: message.parent, texts: [] };
        timer = setTimeout(flush, gatherMs);
      }
      stream.texts.push(message.text);
    },
    /** Resolves when everything has left. */
    async drained() {
      flush();
      await last;
    },
  };
}

module.exports = { createOutlet };
