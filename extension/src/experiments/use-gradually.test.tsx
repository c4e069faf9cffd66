import React, { act } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useGradually } from "./use-gradually";

const frames: FrameRequestCallback[] = [];
beforeEach(() => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
  frames.length = 0;
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => frames.push(callback));
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
});
afterEach(() => vi.unstubAllGlobals());

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

/** Draws rows by `useGradually`, four in a frame; `rows` are those in the page with their values. */
function table() {
  const node = document.createElement("div");
  const root = createRoot(node);
  const Rows = ({ wanted, value }: { wanted: number[]; value: string }) => (
    <>
      {[...useGradually(wanted, value, 4)].map(([row, held]) => (
        <p key={row}>{`${row}${held}`}</p>
      ))}
    </>
  );
  return {
    rows: () => [...node.children].map(({ textContent }) => textContent),
    draw: (wanted: number[], value = "a") => act(async () => root.render(<Rows wanted={wanted} value={value} />)),
    frame: (at = 0) => act(async () => frames.splice(0).at(-1)?.(at)),
  };
}

test("the first rows are drawn together", async () => {
  const { draw, rows } = table();
  await draw(range(0, 10));
  expect(rows()).toHaveLength(10);
});

test("a leap draws four rows in a frame, the middle ones first, in their order", async () => {
  const { draw, rows, frame } = table();
  await draw(range(0, 10));
  await draw(range(100, 110));
  expect(rows().slice(0, 4)).toEqual(["103a", "104a", "105a", "106a"]);
  await frame();
  expect(rows().slice(0, 8)).toEqual(range(101, 109).map((row) => `${row}a`));
  await frame();
  expect(rows()).toEqual(range(100, 110).map((row) => `${row}a`));
});

test("as many rows as wait keep their elements until those are taken over", async () => {
  const { draw, rows, frame } = table();
  await draw(range(0, 10));
  await draw(range(100, 110));
  expect(rows().slice(4)).toEqual(range(0, 6).map((row) => `${row}a`));
  await frame();
  expect(rows().slice(8)).toEqual(["0a", "1a"]);
});

test("slow frames take two rows less each, down to two, and quick ones one more, up to all four", async () => {
  const { draw, rows, frame } = table();
  const drawnOf = () => rows().filter((row) => Number.parseInt(row!, 10) >= 100).length;
  await draw(range(0, 40));
  await draw(range(100, 140));
  const taken: number[] = [];
  for (const at of [0, 50, 100, 150, 160, 170, 180]) {
    const before = drawnOf();
    await frame(at);
    taken.push(drawnOf() - before);
  }
  expect(taken).toEqual([4, 2, 2, 2, 3, 4, 4]);
});

test("a small step keeps what is drawn and adds the rest at once", async () => {
  const { draw, rows } = table();
  await draw(range(0, 10));
  await draw(range(3, 13));
  expect(rows()).toEqual(range(3, 13).map((row) => `${row}a`));
});

test("a new value reaches four rows in a frame, the others keep the old one meanwhile", async () => {
  const { draw, rows, frame } = table();
  await draw(range(0, 6));
  await draw(range(0, 6), "b");
  expect(rows()).toEqual(["0a", "1b", "2b", "3b", "4b", "5a"]);
  await frame();
  expect(rows()).toEqual(range(0, 6).map((row) => `${row}b`));
});
