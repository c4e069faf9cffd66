import { execFile } from "node:child_process";
import type * as Tfjs from "@tensorflow/tfjs-core";
import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../../base/codec.ts";
import type { Fitted } from "../../base/contract.ts";
import { table } from "../../data/table.ts";
import { random } from "../../numeric/random.ts";
import "../../index.ts";
import { networkOutputs } from "../graph/neural-network.ts";
import { openLayers, openTensorFlow } from "../tensorflow/backend.ts";
import { fromTfjs } from "./from-tfjs.ts";
import type { TfjsModel, TfjsState } from "./tfjs-contract.ts";

const open = openTensorFlow("wasm");
const { tf } = open;
const { layers, sequential, model: functional, input } = openLayers(open);
const draw = random(3, "from-tfjs");
const matrixOf = (rows: number, columns: number): number[][] =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => draw.normal()));
const asTfjs = (model: object): TfjsModel => model as TfjsModel;
const backend = "wasm";
/** TensorFlow.js's orthogonal beginning needs methods of tensors that only the union package has. */
const start = "glorotUniform";

// its weights are drawn anew each time: tanh makes no ties, as rows would whose rectified units are all 0
const dense = () =>
  sequential({
    layers: [layers.dense({ units: 8, activation: "tanh", inputShape: [4] }), layers.dense({ units: 3, activation: "softmax" })],
  });
const answers = (model: { predict(x: Tfjs.Tensor): unknown }, x: Tfjs.Tensor): number[] =>
  Array.from((model.predict(x) as Tfjs.Tensor).dataSync() as Float32Array);

describe("a wrapped model answers as TensorFlow.js does", () => {
  test("with the labels of its units, whatever their order", async () => {
    const net = dense();
    const x = matrixOf(20, 4);
    const model = await fromTfjs(asTfjs(net), { outputs: [{ task: "classification", classes: ["c", "a", "b"] }], backend });
    const theirs = answers(net, tf.tensor2d(x));
    const { data, names } = model.predictProba(x);
    expect(names).toEqual(["a", "b", "c"]);
    for (let i = 0; i < 20; i++)
      for (const [k, unit] of [1, 2, 0].entries()) expect(data[3 * i + k]).toBeCloseTo(theirs[3 * i + unit]!, 6);
    expect(model.predict(x)).toEqual(
      x.map((_, i) => ["c", "a", "b"][[0, 1, 2].reduce((best, k) => (theirs[3 * i + k]! > theirs[3 * i + best]! ? k : best), 0)]),
    );
  });

  test.each([
    [
      "a convolution in two directions",
      () => [
        layers.conv2d({ filters: 3, kernelSize: 3, inputShape: [6, 5, 2] }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
      ],
      60,
    ],
    [
      "a convolution along a sequence",
      () => [
        layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, inputShape: [15, 2] }),
        layers.batchNormalization(),
        layers.globalMaxPooling1d(),
      ],
      30,
    ],
    ["LSTM", () => [layers.lstm({ units: 5, recurrentInitializer: start, inputShape: [7, 3] })], 21],
    [
      "GRU in both directions",
      () => [
        layers.bidirectional({
          layer: layers.gru({ units: 4, recurrentInitializer: start, returnSequences: true }) as never,
          inputShape: [7, 3],
        } as never),
        layers.flatten(),
      ],
      21,
    ],
    ["an embedding", () => [layers.embedding({ inputDim: 9, outputDim: 4, inputLength: 6 }), layers.flatten()], 6],
  ] as const)("through %s", async (name, make, columns) => {
    const net = sequential({ layers: [...make(), layers.dense({ units: 1 })] as never });
    const x = matrixOf(9, columns).map((row) =>
      name === "an embedding" ? row.map((value) => Math.min(8, Math.floor(Math.abs(3 * value)))) : row,
    );
    const model = await fromTfjs(asTfjs(net), { outputs: [{ task: "regression" }], backend });
    const shape = net.inputs[0]!.shape.slice(1) as number[];
    const theirs = answers(net, tf.tensor(x.flat(), [9, ...shape]));
    const own = decodeModel(encodeModel(model)) as unknown as typeof model;
    expect(Array.from(own.predict(x) as Float64Array)).toEqual(theirs);
  });

  test("from several inputs to several outputs, each by its name", async () => {
    const [a, b] = [input({ shape: [5], name: "a" }), input({ shape: [2], name: "b" })];
    const joined = layers.concatenate().apply([layers.dense({ units: 4 }).apply(a), b] as never) as typeof a;
    const ends = [
      layers.dense({ units: 1, activation: "sigmoid" }).apply(joined),
      layers.dense({ units: 1 }).apply(joined),
    ] as (typeof a)[];
    const net = functional({ inputs: [a, b], outputs: ends });
    const model = await fromTfjs(asTfjs(net), {
      inputs: [{}, { name: "star", columns: ["warmth", "width"] }],
      outputs: [
        { task: "classification", name: "kind", classes: ["no", "yes"] },
        { task: "regression", name: "period" },
      ],
      backend,
    });
    const [first, second] = [matrixOf(7, 5), matrixOf(7, 2)];
    const star = table(second.map(([warmth, width]) => ({ width: width!, warmth: warmth! })));
    const [yes, period] = net.predict([tf.tensor2d(first), tf.tensor2d(second)]) as Tfjs.Tensor[];
    const answered = networkOutputs(model, { a: first, star });
    expect(Array.from(answered["period"]!.values!)).toEqual(Array.from(period!.dataSync()));
    const shares = Array.from(yes!.dataSync());
    expect(Array.from(answered["kind"]!.probabilities!.data).filter((_, i) => i % 2 === 1)).toEqual(shares);
    expect(answered["kind"]!.labels).toEqual(shares.map((share) => (share > 0.5 ? "yes" : "no")));
  });

  test("from the parts of its files", async () => {
    const net = sequential({
      layers: [
        layers.lstm({ units: 4, recurrentInitializer: start, inputShape: [2, 2] }),
        layers.dense({ units: 3, activation: "softmax" }),
      ],
    });
    const kept: Tfjs.io.ModelArtifacts[] = [];
    await net.save(
      tf.io.withSaveHandler(async (artifacts) => {
        kept.push(artifacts);
        return { modelArtifactsInfo: {} as never };
      }),
    );
    const { modelTopology, weightSpecs, weightData } = kept[0]!;
    const files = JSON.parse(JSON.stringify({ modelTopology, weightSpecs }).replace("VarianceScaling", "Orthogonal"));
    const model = await fromTfjs({ ...files, weightData }, { outputs: [{ task: "classification" }], backend });
    const x = matrixOf(5, 4);
    const theirs = answers(net, tf.tensor(x.flat(), [5, 2, 2]));
    for (const [i, share] of Array.from(model.predictProba(x).data).entries()) expect(share).toBeCloseTo(theirs[i]!, 6);
  });

  test("from sums before the softmax", async () => {
    const net = sequential({ layers: [layers.dense({ units: 3, inputShape: [4] })] });
    const x = matrixOf(5, 4);
    const model = await fromTfjs(asTfjs(net), { outputs: [{ task: "classification", logits: true }], backend });
    const theirs = tf.softmax(net.predict(tf.tensor2d(x)) as Tfjs.Tensor).dataSync();
    for (const [i, share] of Array.from(model.predictProba(x).data).entries()) expect(share).toBeCloseTo(theirs[i]!, 6);
    const plain = await fromTfjs(asTfjs(net), { outputs: [{ task: "classification" }], backend });
    expect(() => plain.predict(x)).toThrow(/must give probabilities .* in row \d+; say \{ logits: true \}/);
  });

  test("in a new process, with the same bits", async () => {
    const model = await fromTfjs(asTfjs(dense()), { outputs: [{ task: "classification" }], backend });
    const x = matrixOf(11, 4);
    const code = `import { decodeModel } from ${JSON.stringify(new URL("../../index.ts", import.meta.url).href)};
      const chunks = [];
      for await (const chunk of process.stdin) chunks.push(chunk);
      const { bytes, x } = JSON.parse(Buffer.concat(chunks));
      console.log(JSON.stringify(Array.from(decodeModel(Buffer.from(bytes, "base64")).predictProba(x).data)));`;
    const answered = await new Promise<string>((resolve, reject) => {
      const child = execFile(process.execPath, ["--input-type=module", "-e", code], (error, out) =>
        error ? reject(error) : resolve(out),
      );
      child.stdin!.end(JSON.stringify({ bytes: Buffer.from(encodeModel(model)).toString("base64"), x }));
    });
    expect(JSON.parse(answered)).toEqual(Array.from(model.predictProba(x).data));
  });
});

describe("what cannot be wrapped is refused with what must hold", () => {
  const one = { task: "classification" } as const;

  test.each([
    ["no model", {}, { outputs: [one] }, /needs a LayersModel .* GraphModel has no layers/],
    ["an output without a task", dense(), { outputs: [] }, /must say a task for each of dense_\w+, got 0/],
    ["a number of three units", dense(), { outputs: [{ task: "regression" }] }, /must have one unit for a number, got 3/],
    [
      "classes of another count",
      dense(),
      { outputs: [{ ...one, classes: ["a", "b"] }] },
      /must have 3 different classes, got \["a","b"\]/,
    ],
    ["columns of another count", dense(), { inputs: [{ columns: ["a"] }], outputs: [one] }, /must have 4 columns, got 1/],
    ["too many inputs", dense(), { inputs: [{}, {}], outputs: [one] }, /the model has 1 inputs .*, got 2/],
    [
      "an open length",
      sequential({ layers: [layers.conv1d({ filters: 2, kernelSize: 3, inputShape: [null, 2] }), layers.globalMaxPooling1d()] }),
      { outputs: [one] },
      /must have a known size, got \[any, 2\]/,
    ],
    [
      "files of something else",
      { modelTopology: { a: 1 }, weightSpecs: [], weightData: new ArrayBuffer(0) },
      { outputs: [one] },
      /the files must hold a model/,
    ],
  ] as const)("%s", async (_, net, options, message) => {
    await expect(fromTfjs(net as never, options as never)).rejects.toThrow(message);
  });

  test("a layer of the program's own", async () => {
    class Twice extends layers.Layer {
      static className = "Twice";
    }
    const net = sequential({ layers: [layers.dense({ units: 3, inputShape: [2] }), new Twice({}) as never] });
    await expect(fromTfjs(asTfjs(net), { outputs: [one] })).rejects.toThrow(/layers must be TensorFlow\.js's own.*Twice/s);
  });

  test("a loaded state with other layers or weights", async () => {
    const model = (await fromTfjs(asTfjs(dense()), { outputs: [one], backend })) as Fitted<TfjsState>;
    const hostile = (change: object) => () => decodeModel(encodeModel({ ...model, state: { ...model.state, ...change } }));
    expect(hostile({ topology: model.state.topology.replace('"units":8', '"units":800000000') })).toThrow(
      /sizes of at most 100000, got units/,
    );
    expect(hostile({ topology: "{" })).toThrow(/layers must be JSON/);
    expect(hostile({ kind: "constructor" })).toThrow(/of a model of TensorFlow\.js/);
    const short = hostile({ weights: model.state.weights.slice(1) })() as unknown as { predict(x: number[][]): unknown };
    expect(() => short.predict(matrixOf(1, 4))).toThrow(/weights of their shapes/);
  });
});
