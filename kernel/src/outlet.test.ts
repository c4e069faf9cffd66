import { expect, test } from "vitest";
import { createOutlet } from "./outlet.cjs";

function recorded() {
  const sent: { type: string; content: string }[] = [];
  const outlet = createOutlet(
    { send: async ([message]: { type: string; content: string }[]) => void sent.push(message!) },
    { write: (message: object) => [message] },
  );
  return { outlet, sent };
}

test("pieces of one stream leave as one message, before what follows", async () => {
  const { outlet, sent } = recorded();
  const parent = { msg_id: "1" };
  for (const text of ["a", "b", "c"]) outlet.send({ stream: "stdout", text, parent });
  outlet.send({ type: "display_data", parent, content: "{}" });
  await outlet.drained();
  expect(sent.map(({ type }) => type)).toEqual(["stream", "display_data"]);
  expect(JSON.parse(sent[0]!.content)).toEqual({ name: "stdout", text: "abc" });
});

test("streams of two names, or of two cells, are not mixed", async () => {
  const { outlet, sent } = recorded();
  outlet.send({ stream: "stdout", text: "1", parent: { msg_id: "1" } });
  outlet.send({ stream: "stderr", text: "2", parent: { msg_id: "1" } });
  outlet.send({ stream: "stderr", text: "3", parent: { msg_id: "2" } });
  await outlet.drained();
  expect(sent.map(({ content }) => JSON.parse(content).text)).toEqual(["1", "2", "3"]);
});

test("a long text leaves in pieces that are whole together, and no character is cut", async () => {
  const { outlet, sent } = recorded();
  const text = `x${"🙂".repeat(200_000)}`;
  outlet.send({ stream: "stdout", text, parent: { msg_id: "1" } });
  await outlet.drained();
  const pieces = sent.map(({ content }) => JSON.parse(content).text as string);
  expect(pieces.length).toBeGreaterThan(3);
  expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  expect(pieces.join("")).toBe(text);
});

test("what has left is told with its weight, also where the peer is gone", async () => {
  const left: number[] = [];
  const socket = {
    async send() {
      throw new Error("gone");
    },
  };
  const outlet = createOutlet(socket, { write: () => [] }, (weight: number) => void left.push(weight));
  const parent = { msg_id: "1" };
  outlet.send({ stream: "stdout", text: "a", parent, weight: 2 });
  outlet.send({ stream: "stdout", text: "b", parent, weight: 3 });
  outlet.send({ type: "display_data", parent, content: "{}", weight: 7 });
  await outlet.drained();
  expect(left).toEqual([5, 7]);
});
