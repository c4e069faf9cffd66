import { describe, expect, test } from "vitest";
import { buildGraph } from "./graph.ts";
import { type LayerInput, layer } from "./layer-schema.ts";

const inputs = [
  { name: "curve", shape: [20, 2] },
  { name: "star", shape: [3] },
];
const head = { name: "y", units: 1 };
const build = (layers: readonly LayerInput[], heads = [head], given = inputs) =>
  buildGraph(
    given,
    layers.map((each) => layer().parse(each)),
    heads,
  );

describe("a graph", () => {
  test("knows the shape behind every layer", () => {
    const { nodes, heads, weights } = build([
      { kind: "conv1d", filters: 8, kernelSize: 5, stride: 2, from: "curve" },
      { kind: "maxPooling1d", poolSize: 3 },
      { kind: "batchNormalization" },
      { kind: "flatten", name: "shape" },
      { kind: "concatenate", from: ["shape", "star"] },
      { kind: "dense", units: 4 },
    ]);
    expect(nodes.map(({ shape }) => shape)).toEqual([[10, 8], [3, 8], [3, 8], [24], [27], [4]]);
    expect(heads[0]!.shape).toEqual([1]);
    expect(weights.map(({ name, shape }) => [name, shape])).toEqual([
      ["conv1d_1/kernel", [1, 5, 2, 8]],
      ["conv1d_1/bias", [8]],
      ["batchNormalization_1/gamma", [8]],
      ["batchNormalization_1/beta", [8]],
      ["batchNormalization_1/movingMean", [8]],
      ["batchNormalization_1/movingVariance", [8]],
      ["dense_1/kernel", [27, 4]],
      ["dense_1/bias", [4]],
      ["y/head/kernel", [4, 1]],
      ["y/head/bias", [1]],
    ]);
  });

  test("knows which layers have nothing trained before them", () => {
    const { nodes } = build([
      { kind: "averagePooling1d", poolSize: 2, from: "curve" },
      { kind: "conv1d", filters: 2 },
      { kind: "conv1d", filters: 2 },
      { kind: "flatten" },
    ]);
    expect(nodes.map(({ isFirst }) => isFirst)).toEqual([true, true, false, false]);
  });

  test("takes the only input where none is named", () => {
    expect(build([{ kind: "dense", units: 2 }], [head], [inputs[1]!]).nodes[0]!.from).toEqual(["star"]);
    expect(build([], [head], [inputs[1]!]).heads[0]!.from).toEqual(["star"]);
  });

  test.each<[string, LayerInput[], RegExp]>([
    ["an unknown place", [{ kind: "flatten", from: "curv" }], /layers\.0 \(flatten\) takes from "curv".*did you mean.*curve/],
    [
      "no place among several inputs",
      [{ kind: "flatten" }],
      /layers\.0 \(flatten\) must say \{ from \}, there are the inputs curve, star/,
    ],
    ["a name twice", [{ kind: "flatten", from: "curve", name: "star" }], /must have a name of its own, got "star" again/],
    ["a dense layer on a sequence", [{ kind: "dense", units: 2, from: "curve" }], /needs a vector, got \[20,2\]; put .*flatten/],
    [
      "a convolution of a vector",
      [{ kind: "conv1d", filters: 2, from: "star" }],
      /needs a sequence \[length, channels\], got \[3\]/,
    ],
    ["a window beyond the end", [{ kind: "maxPooling1d", poolSize: 21, from: "curve" }], /a window of at most 20 places, got 21/],
    ["a sum of unequal shapes", [{ kind: "add", from: ["curve", "star"] }], /must add equal shapes, got \[20,2\] and \[3\]/],
    ["several places for one", [{ kind: "flatten", from: ["curve", "star"] }], /takes one place, got 2/],
    ["another number of values", [{ kind: "reshape", shape: [7], from: "curve" }], /must keep 40 values, got the shape \[7\]/],
  ])("refuses %s", (_, layers, message) => {
    expect(() => build(layers)).toThrow(message);
  });
});
