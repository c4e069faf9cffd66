import { expect, test } from "vitest";
import { display } from "../base/display.ts";
import "../index.ts";
import { neuralNetwork } from "../neural/index.ts";

test("a network shows its inputs, layers, figures and losses, names escaped", async () => {
  const x = Array.from({ length: 20 }, (_, i) => [i % 5, i % 3]);
  const network = neuralNetwork({
    layers: [{ kind: "dense", units: 3, activation: "relu", name: "<b>hidden</b>" }],
    outputs: { sum: { task: "regression" } },
    epochs: 3,
    backend: "wasm",
  });
  const model = await network.fit(
    x,
    x.map(([a, b]) => a! + b!),
  );
  const shown = (model as unknown as Record<symbol, () => Record<string, string>>)[display]!();
  expect(shown["text/html"]).toContain("&lt;b&gt;hidden&lt;/b&gt;");
  expect(shown["text/html"]).toContain("x (2) → sum · 13 weights · 3 epochs, the weights of epoch 3 · on wasm");
  expect(shown["text/html"]).toContain("<svg");
});
