import { execFile } from "node:child_process";
import { describe, expect, test } from "vitest";
import { decodeModel, encodeModel } from "../../base/codec.ts";
import type { ClassifierModel, Progress, Snapshot } from "../../base/contract.ts";
import { table } from "../../data/table.ts";
import { random } from "../../numeric/random.ts";
import { type Check, estimatorChecks } from "../../testing/estimator-checks.ts";
import "../../index.ts";
import type { NetworkModel } from "./network-contract.ts";
import type { NetworkInput } from "./network-params.ts";
import { networkClassifier, networkOutputs, networkRegressor, neuralNetwork } from "./neural-network.ts";

const draw = random(5, "neural-network");
const length = 41;
const rows = Array.from({ length: 90 }, (_, i) => {
  const size = 0.5 + draw.float();
  const star = [10 * draw.normal() + 5, 1e-3 * draw.normal()];
  const curve = Array.from({ length }, (_, j) => size * Math.sin(((i % 3) + 1) * 0.3 * j) + 0.05 * draw.normal());
  return { size, star, curve, label: ["a", "b", "c"][i % 3]!, group: `g${i % 30}` };
});
const curve = rows.map((row) => row.curve);
const star = rows.map((row) => row.star);
const label = rows.map((row) => row.label);
const period = rows.map(({ size }) => Math.exp(3 * size));
const parts = { curve, star };
const targets = { label, period };

const plan = {
  inputs: { curve: { shape: [length, 1] }, star: { columns: ["warmth", "width"] } },
  layers: [
    { kind: "conv1d", filters: 8, kernelSize: 5, activation: "relu", from: "curve" },
    { kind: "batchNormalization", momentum: 0.8 },
    { kind: "maxPooling1d", poolSize: 4 },
    { kind: "flatten", name: "shape" },
    { kind: "dense", units: 4, activation: "tanh", from: "star", name: "star_2" },
    { kind: "concatenate", from: ["shape", "star_2"] },
    { kind: "dropout", rate: 0.1 },
    { kind: "dense", units: 16, activation: "relu" },
  ],
  outputs: {
    label: { task: "classification" },
    period: { task: "regression", scale: "log10", loss: "huber", weight: 0.5 },
  },
  epochs: 30,
  batchSize: 16,
  learningRate: 5e-3,
  backend: "wasm",
} satisfies NetworkInput;

const tabular = {
  backend: "wasm",
  layers: [{ kind: "dense", units: 8, activation: "relu" }],
  epochs: 15,
  learningRate: 0.02,
} satisfies NetworkInput;
const run = (checks: readonly Check[]): void => {
  for (const { name, run } of checks) test(name, run, 60_000);
};

describe("networkClassifier passes the checks of every estimator", () =>
  run(estimatorChecks("classification", "network", tabular)));
describe("networkRegressor passes the checks of every estimator", () => run(estimatorChecks("regression", "network", tabular)));

describe("a network of two inputs and two outputs", () => {
  test("learns both, and answers in the targets' own labels and units", async () => {
    const model = await neuralNetwork(plan).fit(parts, targets);
    const { label: first, period: second } = networkOutputs(model, parts);
    const right = first!.labels!.filter((each, i) => each === label[i]).length;
    expect(right).toBe(label.length);
    const off = Array.from(second!.values!, (value, i) => Math.abs(Math.log(value / period[i]!)));
    expect(off.reduce((a, b) => a + b, 0) / off.length).toBeLessThan(0.3); // the spread of log period is 0.87
    expect(model.predict(parts)).toEqual(first!.labels);
    expect(model.predictProba(parts).names).toEqual(["a", "b", "c"]);
    expect(model.state.history).toHaveLength(30);
    expect(Object.keys(model.state.history[0]!)).toEqual(
      expect.arrayContaining(["loss", "label_loss", "accuracy", "period_loss", "period_mae", "period_mae_dex", "learning_rate"]),
    );
  });

  test("has the same bits for the same seed, and others for another", async () => {
    const network = neuralNetwork({ ...plan, epochs: 3 });
    const [one, two] = [await network.fit(parts, targets), await network.fit(parts, targets)];
    expect(encodeModel(two)).toEqual(encodeModel(one));
    const other = await neuralNetwork({ ...plan, epochs: 3, seed: 7 }).fit(parts, targets);
    expect(other.state.weights[0]!.values).not.toEqual(one.state.weights[0]!.values);
  });

  test("goes on from a snapshot to the same bits as without a break", async () => {
    const network = neuralNetwork({ ...plan, epochs: 6, validation: 0.2, schedule: { kind: "plateau", patience: 0 } });
    const kept: Snapshot[] = [];
    const whole = await network.fit(parts, targets, { snapshots: { everyMs: 0, take: (snapshot) => kept.push(snapshot) } });
    const half = kept.find(({ step }) => step === 3)!;
    const resumed = await network.fit(parts, targets, { snapshots: { from: structuredClone(half), take: () => {} } });
    expect(encodeModel(resumed)).toEqual(encodeModel(whole));
  });

  test("answers the same when it is loaded in a new process", async () => {
    const model = await neuralNetwork({ ...plan, epochs: 2 }).fit(parts, targets);
    const here = networkOutputs(model, parts);
    expect(await answeredElsewhere(model, parts)).toEqual(
      [here["label"]!.probabilities!.data, here["period"]!.values!].map((values) => Array.from(values)),
    );
  });

  test("is fitted on a table, targets by their columns", async () => {
    const t = table(
      rows.map(({ star: [warmth, width], label, size }) => ({ warmth: warmth!, width: width!, kind: label, size })),
    );
    const network = neuralNetwork({
      ...tabular,
      inputs: [{ name: "all", columns: ["warmth", "width"] }],
      outputs: [
        { name: "size", task: "regression" },
        { name: "kind", task: "classification", classWeight: { a: 2 } },
      ],
    });
    const model = await network.fit(t);
    expect(model.target).toBe("size");
    expect(model.columns.map(({ name }) => name)).toEqual(["warmth", "width"]);
    expect(networkOutputs(model, t)["kind"]!.labels).toHaveLength(t.rows);
  });

  test("tells of each epoch", async () => {
    const heard: Progress[] = [];
    await neuralNetwork({ ...plan, epochs: 2, validation: 0.2 }).fit(parts, targets, {
      observer: { progress: (event) => heard.push(event) },
    });
    expect(heard.at(-1)).toMatchObject({ step: 2, steps: 2 });
    expect(heard.at(-1)!.metrics).toMatchObject({ epoch: 2, val_loss: expect.any(Number), val_accuracy: expect.any(Number) });
  });

  test("an abort ends its fit within 100 ms", async () => {
    const stop = new AbortController();
    const fit = neuralNetwork({ ...plan, epochs: 100_000 }).fit(parts, targets, {
      signal: stop.signal,
      observer: { progress: () => stop.abort() },
    });
    await expect(fit).rejects.toMatchObject({ name: "AbortError" });
  });
});

/** What a model's outputs are in a new process that loads it. */
async function answeredElsewhere(model: NetworkModel, given: object): Promise<number[][]> {
  const code = `import { decodeModel, networkOutputs } from ${JSON.stringify(new URL("../../index.ts", import.meta.url).href)};
    const chunks = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    const { bytes, given } = JSON.parse(Buffer.concat(chunks));
    const outputs = Object.values(networkOutputs(decodeModel(Buffer.from(bytes, "base64")), given));
    console.log(JSON.stringify(outputs.map(({ values, probabilities }) => Array.from(values ?? probabilities.data))));`;
  const answered = await new Promise<string>((resolve, reject) => {
    const child = execFile(process.execPath, ["--input-type=module", "-e", code], { maxBuffer: 1 << 26 }, (error, out) =>
      error ? reject(error) : resolve(out),
    );
    child.stdin!.end(JSON.stringify({ bytes: Buffer.from(encodeModel(model)).toString("base64"), given }));
  });
  return JSON.parse(answered);
}

describe("a network of words, pictures and sequences", () => {
  const kind = rows.map((_, i) => i % 3);
  const words = kind.map((each) => Array.from({ length: 6 }, () => 2 * each + draw.int(3)));
  const picture = kind.map((each) => Array.from({ length: 48 }, (_, j) => (j % 3 === each ? 1 : 0) + 0.3 * draw.normal()));
  const given = { words, picture, curve };
  const mixed = {
    inputs: { words: { shape: [6] }, picture: { shape: [4, 6, 2] }, curve: { shape: [length, 1] } },
    layers: [
      { kind: "embedding", inputDim: 8, outputDim: 3, from: "words" },
      { kind: "lstm", units: 4, bidirectional: true, name: "text" },
      { kind: "conv2d", filters: 4, activation: "relu", from: "picture" },
      { kind: "maxPooling2d" },
      { kind: "spatialDropout", rate: 0.1 },
      { kind: "globalAveragePooling2d", name: "look" },
      { kind: "averagePooling1d", poolSize: 8, padding: "same", from: "curve" },
      { kind: "gru", units: 3, returnSequences: true },
      { kind: "layerNormalization" },
      { kind: "globalMaxPooling1d", name: "shape" },
      { kind: "concatenate", from: ["text", "look", "shape"] },
    ],
    outputs: { label: { task: "classification" } },
    epochs: 12,
    learningRate: 0.02,
    backend: "wasm",
  } satisfies NetworkInput;
  const learnt = neuralNetwork(mixed).fit(given, { label });

  test("learns its classes", async () => {
    const guesses = (await learnt).predict(given);
    expect(label.filter((each, i) => each === guesses[i]).length).toBeGreaterThan(0.95 * label.length);
  });

  test("answers the same when it is loaded in a new process", async () => {
    const model = await learnt;
    expect(await answeredElsewhere(model, given)).toEqual([Array.from(model.predictProba(given).data)]);
  });

  test("answers the same on another backend, as far as 32 bits go", async () => {
    const model = await learnt;
    const plain = networkOutputs({ ...model, params: { ...model.params, backend: "cpu" } } as NetworkModel, given)["label"]!;
    const here = model.predictProba(given).data;
    for (const [i, share] of plain.probabilities!.data.entries()) expect(Math.abs(share - here[i]!)).toBeLessThan(1e-4);
  });

  test("refuses what is no code of its embedding, with the row and the column", async () => {
    const strange = words.map((row) => [...row]);
    strange[3]![2] = 8;
    const message = /input "words" must hold whole numbers from 0 to 7 for its embedding, got 8 in row 3, column "words\[2\]"/;
    await expect(neuralNetwork(mixed).fit({ ...given, words: strange }, { label })).rejects.toThrow(message);
    const model = await learnt;
    expect(() => model.predict({ ...given, words: strange })).toThrow(message);
    const scaled = { ...mixed, inputs: { ...mixed.inputs, words: { shape: [6], scale: "standard" as const } } };
    await expect(neuralNetwork(scaled).fit(given, { label })).rejects.toThrow(/input "words" must keep its numbers/);
  });
});

describe("warmStart", () => {
  const network = neuralNetwork({ ...plan, epochs: 3, schedule: { kind: "constant" } });

  test("begins with the weights and scales of a fitted network", async () => {
    const first = await network.fit(parts, targets);
    const second = await network.fit(parts, targets, { warmStart: first });
    expect(second.state.history[0]!["loss"]).toBeLessThan(first.state.history[0]!["loss"]!);
    const other = await network.fit(parts, { label, period: period.map((days) => 1000 * days) }, { warmStart: first });
    expect(other.state.outputs).toEqual(first.state.outputs);
    expect(other.state.inputs).toEqual(first.state.inputs);
  });

  test("is refused for other layers and other outputs, with what must hold", async () => {
    const first = await network.fit(parts, targets);
    const wider = neuralNetwork({ ...plan, layers: [...plan.layers, { kind: "dense", units: 5 }] });
    await expect(wider.fit(parts, targets, { warmStart: first })).rejects.toThrow(
      /warmStart must be a network of the same layers/,
    );
    const plain = neuralNetwork({ ...plan, outputs: { ...plan.outputs, period: { task: "regression" } } });
    await expect(plain.fit(parts, targets, { warmStart: first })).rejects.toThrow(/warmStart .* output "period" with the same/);
  });
});

describe("rows held back", () => {
  test("stay together by group", async () => {
    const groups = rows.map(({ group }) => group);
    const model = await neuralNetwork({ ...plan, epochs: 2, validation: 0.3 }).fit(parts, targets, { groups });
    expect(model.state.history[1]).toHaveProperty("val_period_mae");
  });

  test("stop the training when nothing improves, and the best epoch's weights are kept", async () => {
    const x = rows.map(() => [draw.normal(), draw.normal()]);
    const y = rows.map(() => draw.normal());
    const model = (await networkRegressor({ ...tabular, epochs: 500, earlyStopping: true, patience: 3, validation: 0.3 }).fit(
      x,
      y,
    )) as unknown as NetworkModel;
    const { history, bestEpoch, stopped } = model.state;
    expect(stopped).toBe("early");
    expect(history).toHaveLength(bestEpoch + 3);
    const losses = history.map((figures) => figures["val_loss"]!);
    expect(losses.indexOf(Math.min(...losses))).toBe(bestEpoch - 1);
  });
});

describe("bad input", () => {
  const refused = async (what: Promise<unknown>, name: string, message: RegExp) =>
    expect(what).rejects.toMatchObject({ name, message: expect.stringMatching(message) });

  test("a diverging loss stops with a reason", async () => {
    const fit = networkRegressor({ ...tabular, optimizer: "sgd", learningRate: 1e3 }).fit(star, period);
    await refused(fit, "DataError", /the loss .* in epoch \d+, batch \d+; lower learningRate/);
  });

  test("a target that has no logarithm is named with its row", async () => {
    const fit = neuralNetwork(plan).fit(parts, { label, period: period.with(4, -1) });
    await refused(fit, "DataError", /output "period" must be > 0 for its logarithm, got -1 in row 4/);
  });

  test("a missing value is named with its place", async () => {
    const holed = curve.map((row) => [...row]);
    holed[2]![7] = Number.NaN;
    await refused(neuralNetwork(plan).fit({ curve: holed, star }, targets), "DataError", /NaN in row 2, column "curve\[7\]"/);
  });

  test("names that do not exist are refused with a near one", async () => {
    await expect(async () => neuralNetwork(plan).fit({ curve, stars: star }, targets)).rejects.toThrow(/no input "stars".*star/);
    await expect(async () => neuralNetwork(plan).fit(parts, { lable: label, period })).rejects.toThrow(
      /no output "lable".*label/,
    );
    await expect(async () => neuralNetwork(plan).fit({ curve }, targets)).rejects.toThrow(/input "star" is missing/);
    const wrong = { ...plan, layers: [{ kind: "flatten" as const, from: "curv" }] };
    await refused(neuralNetwork(wrong).fit(parts, targets), "ParamsError", /layers\.0 \(flatten\) takes from "curv".*curve/);
  });

  test("rows that disagree are refused with both sizes", async () => {
    await expect(async () => neuralNetwork(plan).fit({ curve, star: star.slice(1) }, targets)).rejects.toThrow(
      /90 rows but "star" has 89/,
    );
    await expect(async () => neuralNetwork(plan).fit(parts, { label, period: period.slice(1) })).rejects.toThrow(
      /90 rows but the target of "period" has 89/,
    );
  });

  test("an input of another length is refused with its name", async () => {
    const model = await neuralNetwork({ ...plan, epochs: 1 }).fit(parts, targets);
    const short = curve.map((row) => row.slice(1));
    expect(() => model.predict({ curve: short, star })).toThrow(/input "curve" must have 41 columns, got 40/);
  });

  test("a class that is not there cannot be weighed", async () => {
    const outputs = { label: { task: "classification", classWeight: { d: 2 } } } as const;
    await refused(neuralNetwork({ ...plan, outputs }).fit(parts, { label }), "ParamsError", /has no class "d" to weigh/);
  });

  test("a loaded state with other weights is refused", async () => {
    const model = await networkClassifier(tabular).fit(star, label);
    const state = model.state as NetworkModel["state"];
    const hostile = (change: object) => () =>
      decodeModel(encodeModel({ ...model, state: { ...state, ...change } } as unknown as ClassifierModel));
    expect(() => (hostile({ weights: state.weights.slice(1) })() as ClassifierModel).predict(star)).toThrow(
      /shapes of its layers/,
    );
    expect(hostile({ inputs: [{ ...state.inputs[0]!, places: Int32Array.of(0, 7) }] })).toThrow(/must lie in 2 columns/);
    const endless = { ...state.weights[0]!, values: state.weights[0]!.values.map(() => Number.NaN) };
    expect(hostile({ weights: [endless, ...state.weights.slice(1)] })).toThrow(/finite/);
  });
});
