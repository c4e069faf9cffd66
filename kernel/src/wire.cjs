"use strict";
// The Jupyter wire protocol: messages as signed frames. https://jupyter-client.readthedocs.io/en/stable/messaging.html
const { createHmac, randomUUID, timingSafeEqual } = require("node:crypto");
const { userInfo } = require("node:os");

const delimiter = Buffer.from("<IDS|MSG>");

/** The protocol version that this kernel speaks. */
const protocolVersion = "5.5";

/**
 * Signs and reads messages of one connection.
 * @param {{ key: string, signature_scheme?: string }} connection an empty key means unsigned messages
 */
function createWire({ key, signature_scheme: scheme = "hmac-sha256" }) {
  const session = randomUUID();
  const username = nameOfUser();

  /** @param {readonly (string | Buffer)[]} parts header, parent, metadata, content */
  function sign(parts) {
    if (!key) return "";
    const hmac = createHmac(scheme.replace(/^hmac-/, ""), key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  return {
    session,

    /**
     * The message in a list of frames.
     * @param {readonly Uint8Array[]} raw routing ids, delimiter, signature, header, parent, metadata, content, buffers
     * @throws {Error} frames that are missing, a signature that does not fit, parts that are not JSON objects
     */
    read(raw) {
      // each in memory of its own: what another thread gets is the whole memory that is behind it
      const frames = raw.map((frame) => Buffer.from(new Uint8Array(frame).buffer));
      const at = frames.findIndex((frame) => frame.equals(delimiter));
      if (at < 0 || frames.length < at + 6)
        throw new Error(`message: must have a delimiter and 5 frames after it, got ${frames.length}`);
      const parts = frames.slice(at + 2, at + 6);
      if (!equal(frames[at + 1], Buffer.from(sign(parts)))) throw new Error("message: the signature does not fit");
      const [header, parent, metadata, content] = parts.map(parseObject);
      if (typeof header.msg_type !== "string") throw new Error("message: header.msg_type must be a text");
      return { ids: frames.slice(0, at), header, parent, metadata, content, buffers: frames.slice(at + 6) };
    },

    /**
     * The frames of a message.
     * @param {{ ids: readonly (Uint8Array | string)[], id?: string, type: string, parent: object, content: string, metadata?: string,
     *   buffers?: readonly Uint8Array[] }} message content and metadata are JSON already: user values are checked where they are made
     */
    write({ ids, id = randomUUID(), type, parent, content, metadata = "{}", buffers = [] }) {
      const header = {
        msg_id: id,
        session,
        username,
        date: new Date().toISOString(),
        msg_type: type,
        version: protocolVersion,
      };
      const parts = [JSON.stringify(header), JSON.stringify(parent), metadata, content];
      return [...ids, delimiter, sign(parts), ...parts, ...buffers];
    },
  };
}

function equal(given, expected) {
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function parseObject(frame) {
  const value = JSON.parse(frame.toString("utf8"));
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`message: each part must be a JSON object, got ${frame.toString("utf8", 0, 40)}`);
  return value;
}

function nameOfUser() {
  try {
    return userInfo().username;
  } catch {
    return "kernel"; // a container's user may have no name
  }
}

module.exports = { createWire, protocolVersion };
