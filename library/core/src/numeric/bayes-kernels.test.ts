import { expect, test } from "vitest";
import type { BayesKernels } from "./bayes-kernels.ts";
import { random } from "./random.ts";
import { kernels, Layout, openMemory } from "./wasm.ts";

test.each([1, 2, 7, 8])("classSums adds weighted rows of %i columns at their class, and finds the least value", (d) => {
  const [rows, classes] = [53, 3];
  const layout = new Layout();
  const [x, labels, weights, sums] = [rows * d, rows, rows, classes * d].map((length) => {
    const at = layout.reserve(8 * length);
    return { at, length };
  });
  const memory = openMemory("test", layout);
  const view = (place: { at: number; length: number }) => new Float64Array(memory.buffer, place.at, place.length);
  const draw = random(1, "class sums");
  view(x!).set(Float64Array.from(view(x!), () => draw.float() - 0.2));
  view(labels!).set(Float64Array.from(view(labels!), () => draw.int(classes)));
  view(weights!).set(Float64Array.from(view(weights!), () => draw.float()));
  const wanted = new Float64Array(classes * d);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < d; j++) wanted[view(labels!)[i]! * d + j]! += view(weights!)[i]! * view(x!)[i * d + j]!;
  const least = kernels<BayesKernels>(memory).classSums(x!.at, labels!.at, weights!.at, rows, d, sums!.at);
  expect(view(sums!)).toEqual(wanted);
  expect(least).toBe(Math.min(...view(x!)));
});
