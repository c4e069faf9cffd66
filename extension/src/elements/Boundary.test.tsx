import React, { lazy, Suspense } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Drawn, draw, english } from "../testing/draw";
import { Boundary } from "./Boundary";

let drawn: Drawn | undefined;
beforeEach(() => void vi.spyOn(console, "error").mockReturnValue()); // React says it there too
afterEach(async () => {
  await drawn?.close();
  vi.restoreAllMocks();
});

test("what cannot be drawn is said, and drawn on another try once it can be", async () => {
  let fails = true;
  const Fragile = () => {
    if (fails) throw new Error("no such column");
    return <p>whole</p>;
  };
  drawn = await draw(
    <Boundary trans={english}>
      <Fragile />
    </Boundary>,
  );
  expect(drawn.find('[role="alert"] p').textContent).toBe("This could not be drawn: no such column");
  fails = false;
  await drawn.press("Try again");
  expect(drawn.find("p").textContent).toBe("whole");
});

test("a part of the program that is gone asks for the page to be loaded again", async () => {
  const Gone = lazy(async () => {
    throw Object.assign(new Error("Loading chunk 355 failed"), { name: "ChunkLoadError" });
  });
  drawn = await draw(
    <Boundary trans={english}>
      <Suspense fallback={null}>
        <Gone />
      </Suspense>
    </Boundary>,
  );
  expect(drawn.find('[role="alert"] button').textContent).toBe("Load the page again");
});
