import React, { act } from "react";
import { createRoot } from "react-dom/client";
import { beforeEach, expect, test } from "vitest";
import { useSlots } from "./use-slots";

beforeEach(() => void Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true }));

/** Draws rows of these keys by `useSlots`, an element a row. */
function table() {
  const node = document.createElement("div");
  const root = createRoot(node);
  const Rows = ({ rows, keys }: { rows: number[]; keys: string[] }) => (
    <>
      {useSlots(rows, (row) => keys[row]!).map(({ slot, row }) => (
        <p key={slot}>{keys[row]}</p>
      ))}
    </>
  );
  return {
    elements: () => [...node.children],
    texts: () => [...node.children].map(({ textContent }) => textContent),
    elementOf: (key: string) => [...node.children].find(({ textContent }) => textContent === key),
    draw: (rows: number[], keys: string[]) => act(async () => root.render(<Rows {...{ rows, keys }} />)),
  };
}

const letters = [..."abcdefghij"];

test("the first rows stand in their order", async () => {
  const { draw, texts } = table();
  await draw([2, 0, 1], letters);
  expect(texts()).toEqual(["a", "b", "c"]);
});

test("a row that comes takes over the element of one that went, and the others keep theirs", async () => {
  const { draw, texts, elements, elementOf } = table();
  await draw([0, 1, 2], letters);
  const before = elements();
  const b = elementOf("b");
  await draw([1, 2, 3], letters);
  expect(elements()).toEqual(before);
  expect(elementOf("b")).toBe(b);
  expect(texts()).toEqual(["d", "b", "c"]);
});

test("more rows than elements have elements of their own, fewer leave none behind", async () => {
  const { draw, texts } = table();
  await draw([0, 1], letters);
  await draw([1, 2, 3, 4], letters);
  expect(texts()).toEqual(["c", "b", "d", "e"]);
  await draw([4], letters);
  expect(texts()).toEqual(["e"]);
});

test("rows in another order stand in that order", async () => {
  const { draw, texts } = table();
  await draw([0, 1, 2], letters);
  await draw([1, 2, 3], letters);
  await draw([1, 2, 3], [...letters].reverse());
  expect(texts()).toEqual(["i", "h", "g"]);
  await draw([1, 2, 3], ["a", "g", "i", "h"]);
  expect(texts()).toEqual(["g", "i", "h"]);
});

test("a run that comes at the top leaves every other row its element", async () => {
  const { draw, texts, elementOf } = table();
  await draw([0, 1, 2], letters);
  const a = elementOf("a");
  await draw([0, 1, 2], ["new", ...letters]);
  expect(texts()).toEqual(["new", "a", "b"]);
  expect(elementOf("a")).toBe(a);
});
