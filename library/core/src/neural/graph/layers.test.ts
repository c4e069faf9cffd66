import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sharedFloat64 } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { type Backend, chooseBackend, openTensorFlow } from "../tensorflow/backend.ts";
import { firstWeights, layWeights } from "./flat-weights.ts";
import { buildGraph, type Graph } from "./graph.ts";
import { type LayerInput, layer } from "./layer-schema.ts";
import { openLearner } from "./learn-batch.ts";
import { networkParams } from "./network-params.ts";
import { emptyTally } from "./output-losses.ts";
import { eachChunk } from "./pass-rows.ts";
import { disturb } from "./random-layers.ts";
import { sizeOf } from "./row-shape.ts";
import type { Lesson } from "./train-network.ts";

interface Case {
  readonly shape: number[];
  readonly layers: LayerInput[];
  readonly x: number[][];
  readonly y: number[];
  readonly weights: number[];
  readonly sums: number[];
  readonly loss: number;
  readonly gradient: number[];
}
const cases: Readonly<Record<string, Case>> = JSON.parse(
  readFileSync(new URL("../fixtures/keras-layers.json", import.meta.url), "utf8"),
);
// the addon is tested where somebody has built it
const backends: readonly Backend[] = chooseBackend() === "native" ? ["wasm", "cpu", "native"] : ["wasm", "cpu"];

function graphOf(shape: readonly number[], layers: readonly LayerInput[]): Graph {
  const parsed = layers.map((each) => layer().parse(each));
  return buildGraph([{ name: "x", shape }], parsed, [{ name: "y", units: 1 }]);
}

function lessonOf(
  backend: Backend,
  shape: readonly number[],
  graph: Graph,
  x: readonly number[][],
  y: readonly number[],
): Lesson {
  const [columns, nothing] = [sizeOf(shape), new Float64Array(0)];
  const data = sharedFloat64(x.length * columns);
  for (const [i, row] of x.entries()) data.set(row, i * columns);
  const places = Int32Array.from({ length: columns }, (_, j) => j);
  const [output] = networkParams().parse({ outputs: { y: { task: "regression", scale: "none" } } }).outputs;
  return {
    tf: openTensorFlow(backend).tf,
    backend,
    graph,
    inputs: [{ name: "x", shape, places, center: nothing, spread: nothing }],
    targets: [{ output: output!, units: 1, values: Float64Array.from(y), unscale: (value) => value, dex: undefined }],
    x: { rows: x.length, columns, data },
    weights: undefined,
    known: Uint32Array.from(x, (_, i) => i),
    held: new Uint32Array(0),
  };
}

/** Loss and gradient of all rows; the learner is asked twice, for it may do the second batch another way. */
function learn(lesson: Lesson, flat: ReturnType<typeof layWeights>): readonly { loss: number; gradient: Float32Array }[] {
  const learner = openLearner(lesson, flat);
  try {
    return [1, 2].map(() => {
      const tally = emptyTally();
      const gradient = new Float32Array(flat.trained);
      learner.learn(lesson.known, gradient, [tally], { seed: 1, stream: "test" });
      return { loss: tally.loss / tally.rows, gradient };
    });
  } finally {
    learner.close();
  }
}

describe.each(backends)("on %s, the layers are those of Keras:", (backend) => {
  test.each(Object.entries(cases))("%s", (_, { shape, layers, x, y, weights, sums, loss, gradient }) => {
    const graph = graphOf(shape, layers);
    const flat = layWeights(graph, Float32Array.from(weights));
    const lesson = lessonOf(backend, shape, graph, x, y);
    expect(flat.trained).toBe(weights.length);
    eachChunk(lesson, flat, lesson.known, (_rows, given) => {
      for (const [i, sum] of sums.entries()) expect(given[i]).toBeCloseTo(sum, 4);
    });
    const largest = Math.max(...gradient.map(Math.abs));
    for (const learnt of learn(lesson, flat)) {
      expect(Math.abs(learnt.loss / loss - 1)).toBeLessThan(1e-5);
      for (const [i, slope] of gradient.entries()) expect(Math.abs(learnt.gradient[i]! - slope) / largest).toBeLessThan(1e-5);
    }
  });
});

describe("layers that change at random", () => {
  const { tf } = openTensorFlow("wasm");
  const pass = { tf, weights: [], training: { seed: 1, stream: "test" } };
  const { normal } = random(9, "random-layers");
  const x = Float32Array.from({ length: 40_000 }, normal);
  const disturbed = (each: Parameters<typeof disturb>[2]): Float32Array =>
    tf.tidy(() => disturb(pass, "name", each, tf.tensor(x, [100, 1, 100, 4])).dataSync() as Float32Array);

  test.each(["dropout", "spatialDropout", "gaussianDropout", "alphaDropout"] as const)("%s keeps the mean", (kind) => {
    const off = disturbed({ kind, rate: 0.3 }).reduce((sum, value, i) => sum + value - x[i]!, 0) / x.length;
    expect(Math.abs(off)).toBeLessThan(0.03);
  });

  test("alphaDropout keeps the variance too", () => {
    const squares = disturbed({ kind: "alphaDropout", rate: 0.3 }).reduce((sum, value) => sum + value * value, 0) / x.length;
    expect(Math.abs(squares - 1)).toBeLessThan(0.05);
  });

  test("spatialDropout takes whole channels", () => {
    const values = disturbed({ kind: "spatialDropout", rate: 0.5 });
    for (let row = 0; row < 100; row++)
      for (let channel = 0; channel < 4; channel++) {
        const zeros = Array.from({ length: 100 }, (_, j) => values[(row * 100 + j) * 4 + channel] === 0).filter(Boolean).length;
        expect([0, 100]).toContain(zeros);
      }
  });

  test("predictions are left as they are", () => {
    const same = tf.tidy(() => disturb({ tf, weights: [] }, "name", { kind: "dropout", rate: 0.5 }, tf.tensor(x)).dataSync());
    expect(same).toEqual(x);
  });
});

describe("gradients are differences of the loss", () => {
  const { normal } = random(4, "layers");
  const field = (rows: number, columns: number) => Array.from({ length: rows }, () => Array.from({ length: columns }, normal));

  test.each<[string, number[], LayerInput[]]>([
    ["lstm", [4, 3], [{ kind: "lstm", units: 3, bidirectional: true }]],
    ["gru", [4, 3], [{ kind: "gru", units: 3, returnSequences: true }, { kind: "flatten" }]],
    ["conv2d", [5, 6, 2], [{ kind: "conv2d", filters: 3, stride: 2, activation: "tanh" }, { kind: "flatten" }]],
    [
      "alphaDropout",
      [9],
      [
        { kind: "dense", units: 6, activation: "selu" },
        { kind: "alphaDropout", rate: 0.4 },
      ],
    ],
    [
      "spatialDropout",
      [5, 3],
      [{ kind: "conv1d", filters: 4, activation: "tanh" }, { kind: "spatialDropout" }, { kind: "flatten" }],
    ],
  ])("%s", (_, shape, layers) => {
    const graph = graphOf(shape, layers);
    const flat = firstWeights(graph, 3);
    const lesson = lessonOf("wasm", shape, graph, field(6, sizeOf(shape)), field(1, 6)[0]!);
    const { gradient } = learn(lesson, flat)[0]!;
    const largest = Math.max(...gradient.map(Math.abs));
    for (let i = 0; i < flat.trained; i += 5) {
      const middle = flat.values[i]!;
      const losses = [0.02, -0.02].map((step) => {
        flat.values[i] = middle + step;
        return learn(lesson, flat)[0]!.loss;
      }) as [number, number];
      flat.values[i] = middle;
      expect(Math.abs((losses[0] - losses[1]) / 0.04 - gradient[i]!) / largest).toBeLessThan(5e-3);
    }
  });
});

describe("first weights", () => {
  test("of a recurrent layer keep lengths from step to step, and its forget gate is open", () => {
    const graph = graphOf([4, 3], [{ kind: "lstm", units: 5 }]);
    const { views } = firstWeights(graph, 1);
    const recurrent = views[1]!;
    for (let i = 0; i < 5; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < 20; k++) sum += recurrent[i * 20 + k]! * recurrent[j * 20 + k]!;
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 6);
      }
    expect([...views[2]!]).toEqual(Array.from({ length: 20 }, (_, i) => (i >= 5 && i < 10 ? 1 : 0)));
  });
});

describe("shapes", () => {
  test.each<[string, number[], LayerInput[], RegExp]>([
    [
      "a picture layer on a sequence",
      [9, 2],
      [{ kind: "conv2d", filters: 2 }],
      /needs an image \[height, width, channels\], got \[9,2\]/,
    ],
    [
      "a window above the picture",
      [3, 9, 1],
      [{ kind: "maxPooling2d", poolSize: [4, 2] }],
      /a window of at most 3 places, got 4/,
    ],
    ["a recurrent layer on a vector", [9], [{ kind: "lstm", units: 2 }], /needs a sequence \[length, channels\], got \[9\]/],
    [
      "codes that a layer made",
      [9],
      [
        { kind: "dense", units: 2 },
        { kind: "embedding", inputDim: 3, outputDim: 2 },
      ],
      /layers\.1 \(embedding\) must take its codes from an input, got "dense_1"/,
    ],
  ])("refuse %s", (_, shape, layers, message) => {
    expect(() => graphOf(shape, layers)).toThrow(message);
  });
});
