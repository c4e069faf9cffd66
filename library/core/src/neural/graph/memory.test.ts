import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { makeContext } from "../../base/worker.ts";
import { sharedFloat64 } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { type Backend, chooseBackend, openTensorFlow } from "../tensorflow/backend.ts";
import { buildGraph } from "./graph.ts";
import { networkParams } from "./network-params.ts";
import { trainNetwork } from "./train-network.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

// the addon is tested where somebody has built it
const backends: readonly Backend[] = chooseBackend() === "native" ? ["wasm", "native"] : ["wasm"];
const epochs = 100;
/** Epochs between two looks. */
const stretch = 20;

const params = networkParams().parse({
  layers: [
    { kind: "conv1d", filters: 8, kernelSize: 5, activation: "relu" },
    { kind: "batchNormalization" },
    { kind: "maxPooling1d", poolSize: 4 },
    { kind: "spatialDropout", rate: 0.1 },
    { kind: "gru", units: 4 },
    { kind: "dense", units: 1000 }, // 24 kB of weights: what is kept of them is seen
    { kind: "dropout", rate: 0.1 },
  ],
  outputs: { y: { task: "regression", scale: "none" } },
  epochs,
  batchSize: 8,
});

/** What this thread holds, after what nobody needs is gone. */
function held(backend: Backend): { readonly tensors: number; readonly bytes: number; readonly linear: number } {
  collect();
  collect(); // what the first left to be swept
  const { tf } = openTensorFlow(backend);
  const { heapUsed, external } = process.memoryUsage();
  const { wasm } = tf.backend() as unknown as { wasm?: { HEAPU8: Uint8Array } };
  return { tensors: tf.memory().numTensors, bytes: heapUsed + external, linear: wasm?.HEAPU8.length ?? 0 };
}

describe.each(backends)("on %s, memory", (backend) => {
  test("does not grow over 100 epochs", () => {
    const { normal } = random(2, "memory");
    const [rows, length] = [20, 24];
    const data = sharedFloat64(rows * length).map(normal);
    const shape = [length / 2, 2];
    const nothing = new Float64Array(0);
    const lesson = {
      tf: openTensorFlow(backend).tf,
      backend,
      graph: buildGraph([{ name: "x", shape }], params.layers, [{ name: "y", units: 1 }]),
      inputs: [{ name: "x", shape, places: Int32Array.from({ length }, (_, j) => j), center: nothing, spread: nothing }],
      targets: [
        {
          output: params.outputs[0]!,
          units: 1,
          values: Float64Array.from({ length: rows }, normal),
          unscale: (value: number) => value,
          dex: undefined,
        },
      ],
      x: { rows, columns: length, data },
      weights: undefined,
      known: Uint32Array.from({ length: 17 }, (_, i) => i),
      held: Uint32Array.of(17, 18, 19),
    };
    const seen: ReturnType<typeof held>[] = [];
    const context = makeContext(
      { classes: 0, weights: undefined },
      1,
      () => false,
      ({ step }) => {
        if (step % stretch === 0) seen.push(held(backend));
      },
    );
    trainNetwork(lesson, params, context);
    const [early, late] = [seen[0]!, seen.at(-1)!];
    expect(late.tensors).toBe(early.tensors);
    expect(late.linear).toBe(early.linear);
    // what is kept of every epoch is kept in every stretch; code that V8 compiles meanwhile is not
    const grown = seen.slice(1).map(({ bytes }, k) => bytes - seen[k]!.bytes);
    expect(Math.min(...grown)).toBeLessThan(100_000);
  });
});
