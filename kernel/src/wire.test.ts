import { describe, expect, test } from "vitest";
import { createWire } from "./wire.cjs";

const wire = createWire({ key: "secret" });
const message = { ids: [Buffer.from("front end")], type: "status", parent: { msg_id: "1" }, content: '{"text":"π🙂"}' };
const frames = () => wire.write(message).map((frame: string | Buffer) => Buffer.from(frame));

describe("wire", () => {
  test("reads what it writes", () => {
    const read = wire.read(frames());
    expect(read.content).toEqual({ text: "π🙂" });
    expect(read.parent).toEqual({ msg_id: "1" });
    expect(read.header.msg_type).toBe("status");
    expect(read.ids.map(String)).toEqual(["front end"]);
  });

  test("keeps buffers that follow the content", () => {
    expect(wire.read([...frames(), Buffer.from([1, 2])]).buffers).toEqual([Buffer.from([1, 2])]);
  });

  test("refuses another key's signature, and none", () => {
    expect(() => createWire({ key: "other" }).read(frames())).toThrow("signature does not fit");
    const unsigned = frames();
    unsigned[2] = Buffer.from("");
    expect(() => wire.read(unsigned)).toThrow("signature does not fit");
  });

  test("refuses frames that are no message", () => {
    expect(() => wire.read([])).toThrow("must have a delimiter");
    expect(() => wire.read(frames().slice(0, 4))).toThrow("must have a delimiter");
    const open = createWire({ key: "" });
    const parts = ["<IDS|MSG>", "", "[]", "{}", "{}", "{}"].map((part) => Buffer.from(part));
    expect(() => open.read(parts)).toThrow("must be a JSON object, got []");
  });
});
