import React, { act, useRef, useState } from "react";
import { afterEach, expect, test } from "vitest";
import { type Drawn, draw } from "../testing/draw";
import { useActiveCell } from "./use-active-cell";

let drawn: Drawn;
afterEach(() => drawn.close());

const whole = 50;
const rowsOfPage = 20;
const along = { scrollToIndex: () => {} };

/** A grid of one column that holds a page of its rows, and gets another by the answer's `load`; `asked` counts what it asks for. */
async function grid() {
  const held = { asked: 0, load: () => {} };
  const Grid = () => {
    const [rows, setRows] = useState(rowsOfPage);
    const scroller = useRef<HTMLDivElement>(null);
    const more = rows < whole ? () => void held.asked++ : null;
    held.load = () => setRows(Math.min(whole, rows + rowsOfPage));
    const size = { rows, columns: 1, fixed: 1 };
    const { isAwaited, onKeyDown, follow, giveUp } = useActiveCell(scroller, size, along, along, { row: 0, column: 0 }, more);
    return (
      <div ref={scroller}>
        <table aria-busy={isAwaited} onKeyDown={onKeyDown} onFocus={({ target }) => follow(target)} onBlur={giveUp}>
          <tbody>
            {Array.from({ length: rows }, (_, row) => (
              <tr key={String(row)} aria-rowindex={row + 2}>
                <td aria-colindex={1}>
                  <button type="button">{row}</button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    );
  };
  drawn = await draw(<Grid />);
  await act(async () => drawn.find("button").focus());
  return held;
}

const focused = () => Number(document.activeElement!.textContent);
const isBusy = () => drawn.find("table").getAttribute("aria-busy") === "true";
const press = (key: string, ctrlKey = false) =>
  act(async () => void document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey, bubbles: true })));
const loaded = (held: { load(): void }) => act(async () => held.load());

test("Ctrl+End loads until there are no more rows and goes to the last of all", async () => {
  const held = await grid();
  await press("End", true);
  await loaded(held);
  await loaded(held);
  expect(focused()).toBe(whole - 1);
});

test("the focus stays where it is until the row that a key leads to is loaded", async () => {
  const held = await grid();
  await press("End", true);
  await loaded(held);
  expect([focused(), isBusy()]).toEqual([0, true]);
});

test("a key that leads past what is loaded goes on once the row is there", async () => {
  const held = await grid();
  const buttons = drawn.node.querySelectorAll("button");
  await act(async () => buttons[rowsOfPage - 1]!.focus());
  await press("PageDown");
  await loaded(held);
  expect(focused()).toBe(rowsOfPage);
});

test("keys that are pressed before a row has come add up", async () => {
  const held = await grid();
  const buttons = drawn.node.querySelectorAll("button");
  await act(async () => buttons[rowsOfPage - 1]!.focus());
  for (let k = 0; k < 3; k++) await press("PageDown");
  await loaded(held);
  expect(focused()).toBe(rowsOfPage + 2);
});

test("a key that leads to what is loaded asks for nothing", async () => {
  const held = await grid();
  await press("ArrowDown");
  expect([focused(), held.asked]).toEqual([1, 0]);
});

test("a key that leads to what is loaded gives up the way to the end", async () => {
  const held = await grid();
  await press("End", true);
  await press("ArrowDown");
  const { asked } = held;
  await loaded(held);
  expect([focused(), held.asked]).toEqual([1, asked]);
});

test("the focus elsewhere gives up the way to the end", async () => {
  await grid();
  await press("End", true);
  await act(async () => (document.activeElement as HTMLElement).blur());
  expect(isBusy()).toBe(false);
});
