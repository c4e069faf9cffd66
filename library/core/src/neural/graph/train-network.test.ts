import { readFileSync } from "node:fs";
import type { Tensor } from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { sharedFloat64 } from "../../numeric/matrix.ts";
import { openTensorFlow } from "../tensorflow/backend.ts";
import { layWeights } from "./flat-weights.ts";
import { buildGraph } from "./graph.ts";
import { learnBatch } from "./learn-batch.ts";
import { networkParams } from "./network-params.ts";
import { emptyTally, type Target } from "./output-losses.ts";
import type { Lesson } from "./train-network.ts";

interface Fixture {
  readonly curve: number[][];
  readonly star: number[][];
  readonly label: number[];
  readonly period: number[];
  readonly depth: number[];
  readonly weights: Readonly<Record<string, number[]>>;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, number[]>>;
}
const fixture: Fixture = JSON.parse(readFileSync(new URL("../fixtures/network-gradient.json", import.meta.url), "utf8"));

const params = networkParams().parse({
  layers: [
    { kind: "conv1d", filters: 3, kernelSize: 4, activation: "relu", from: "curve" },
    { kind: "batchNormalization" },
    { kind: "averagePooling1d", poolSize: 2 },
    { kind: "conv1d", filters: 5, kernelSize: 3, padding: "valid", activation: "tanh" },
    { kind: "maxPooling1d", poolSize: 2 },
    { kind: "flatten", name: "shape" },
    { kind: "dense", units: 2, activation: "sigmoid", from: "star", name: "star_2" },
    { kind: "concatenate", from: ["shape", "star_2"] },
    { kind: "dense", units: 4, activation: "elu" },
  ],
  outputs: {
    label: { task: "classification" },
    period: { task: "regression", loss: "huber", delta: 0.5, weight: 0.3 },
    depth: { task: "regression", loss: "mae", weight: 0.5 },
  },
});
const graph = buildGraph(
  [
    { name: "curve", shape: [12, 2] },
    { name: "star", shape: [3] },
  ],
  params.layers,
  params.outputs.map(({ name, task }) => ({ name, units: task === "classification" ? 3 : 1 })),
);

function lesson(backend: "wasm" | "cpu"): Lesson {
  const { tf } = openTensorFlow(backend);
  const rows = fixture.curve.length;
  const data = sharedFloat64(rows * 27);
  for (let i = 0; i < rows; i++) data.set([...fixture.curve[i]!, ...fixture.star[i]!], i * 27);
  const places = (from: number, count: number) => Int32Array.from({ length: count }, (_, j) => from + j);
  const plain = { center: new Float64Array(0), spread: new Float64Array(0) };
  const targets = [fixture.label, fixture.period, fixture.depth].map(
    (values, k): Target => ({
      output: params.outputs[k]!,
      units: k === 0 ? 3 : 1,
      values: Float64Array.from(values),
      unscale: (value) => value,
      dex: undefined,
    }),
  );
  return {
    tf,
    backend,
    graph,
    inputs: [
      { name: "curve", shape: [12, 2], places: places(0, 24), ...plain },
      { name: "star", shape: [3], places: places(24, 3), ...plain },
    ],
    targets,
    x: { rows, columns: 27, data },
    weights: undefined,
    known: Uint32Array.from({ length: rows }, (_, i) => i),
    held: new Uint32Array(0),
  };
}

describe.each(["wasm", "cpu"] as const)("the gradient of a network on %s", (backend) => {
  test("is that of the loss in complex steps, for every weight", () => {
    const given = lesson(backend);
    const flat = layWeights(graph);
    for (const [k, { name, start }] of graph.weights.entries())
      flat.views[k]!.set(fixture.weights[name] ?? flat.views[k]!.map(() => (start === "ones" ? 1 : 0)));
    const gradient = new Float32Array(flat.trained);
    const tallies = given.targets.map(emptyTally);
    learnBatch(given, flat, given.known, gradient, tallies, { seed: 1, stream: "test" });
    const loss = tallies.reduce((sum, tally, k) => sum + params.outputs[k]!.weight * (tally.loss / tally.rows), 0);
    expect(Math.abs(loss / fixture.loss - 1)).toBeLessThan(1e-6);
    for (const [k, { name, trained }] of graph.weights.entries()) {
      if (!trained) continue;
      const at = (flat.views[k]!.byteOffset - flat.values.byteOffset) / 4;
      const expected = fixture.gradients[name]!;
      const largest = Math.max(...expected.map(Math.abs), 1e-2);
      for (const [i, slope] of expected.entries())
        expect(Math.abs(gradient[at + i]! - slope) / largest, `${name}[${i}]`).toBeLessThan(1e-5);
    }
  });

  test("leaves no tensor behind", () => {
    const given = lesson(backend);
    const flat = layWeights(graph);
    const learn = () =>
      learnBatch(given, flat, given.known, new Float32Array(flat.trained), given.targets.map(emptyTally), {
        seed: 1,
        stream: "test",
      });
    learn();
    const before = given.tf.memory();
    learn();
    expect(given.tf.memory()).toMatchObject({ numTensors: before.numTensors, numDataBuffers: before.numDataBuffers });
  });
});

test("running means follow the batches by their momentum", () => {
  const given = lesson("wasm");
  const flat = layWeights(graph);
  const place = graph.weights.findIndex(({ name }) => name.endsWith("movingVariance"));
  flat.views[place]!.fill(1);
  learnBatch(given, flat, given.known, new Float32Array(flat.trained), given.targets.map(emptyTally), {
    seed: 1,
    stream: "test",
  });
  for (const value of flat.views[place]!) expect(value).toBeCloseTo(0.99, 6); // all weights are 0: no variance
});

test("a rectifier's kernel is used on either backend", () => {
  for (const backend of ["wasm", "cpu"] as const) {
    const { tf } = openTensorFlow(backend);
    const slope = tf.tidy(() =>
      tf
        .grad((x: Tensor) => tf.relu(x))(tf.tensor([-1, 0, 2]))
        .dataSync(),
    );
    expect([...slope]).toEqual([0, 0, 1]);
  }
});
