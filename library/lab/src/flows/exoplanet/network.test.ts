import * as ml from "assay";
import { beforeAll, describe, expect, test } from "vitest";
import { checkSignals } from "./check-signals.ts";
import { quantities } from "./columns.ts";
import { exampleSignals } from "./example-signals.ts";
import { type ExoplanetModel, exoplanetNetwork, predictSignals, trainExoplanets, trainingHistory } from "./network.ts";
import { networkInputs, quantitiesOf, standinsOf } from "./network-inputs.ts";

let table: ml.Table;
let model: ExoplanetModel;
const told: ml.Progress[] = [];

beforeAll(async () => {
  const csv = new TextEncoder().encode(exampleSignals({ rows: 240 }));
  const read = await ml.readCsv(csv, { comment: "#", header: true });
  const lines = Int32Array.from({ length: read.rows }, (_, i) => i + 3);
  table = checkSignals({ table: read, lines, headerLine: 2, fileName: "example.csv" }).table;
  model = await trainExoplanets(table, { epochs: 2, seed: 1, observer: { progress: (event) => told.push(event) } });
});

describe("the network's inputs", () => {
  test("hold no column that states the period, and a curve over phase", () => {
    const row = table.head(1);
    const scaled = row.derive({
      period: (cells) => (cells["period"] as number) * 3,
      duration: (cells) => (cells["duration"] as number) * 3,
    });
    const rows = [row, scaled].map((each) => networkInputs(quantitiesOf(each), { snr: 10 }));
    expect(rows[0]!.stars).toEqual(rows[1]!.stars);
    const differences = rows[0]!.curve.data.map((value, k) => Math.abs(value - rows[1]!.curve.data[k]!));
    expect(Math.max(...differences)).toBeLessThan(1e-9);
  });

  test("have the median in place of a missing signal-to-noise ratio, and an impact from the timing", () => {
    const rows = quantitiesOf(table);
    const { snr } = standinsOf(rows);
    const sorted = (table.values("snr") as number[]).toSorted((a, b) => a - b);
    expect(snr).toBe(sorted[120]);
    const bare = quantitiesOf(table.head(1).derive({ impact: () => null, snr: () => null }));
    const { stars } = networkInputs(bare, { snr });
    expect(stars.data[0]).toBeGreaterThanOrEqual(0);
    expect(stars.data[1]).toBe(Math.log10(snr));
  });

  test("of a row that no orbit can have are refused by row", () => {
    const wrong = table.head(3).derive({ period: (row, i) => (i === 2 ? 0.01 : row["period"]!) });
    expect(() => predictSignals(model, wrong)).toThrow(
      /exoplanets: a transit of .* is no part of a period of 0.01 days in row 2/,
    );
  });

  test.each([
    ["steff", -5455, "steff must be ≥ 1000, got -5455 in row 1"],
    ["steff", null, "steff is missing in row 1"],
    ["period", -9.49, "period must be > 0, got -9.49 in row 1"],
    ["impact", -1, "impact must be ≥ 0, got -1 in row 1"],
    ["snr", 0, "snr must be > 0, got 0 in row 1"],
    ["tmag", 99, "tmag must be ≤ 40, got 99 in row 1"],
  ])("%s of %j is refused by name and row, asked or learnt from", async (name, value, sentence) => {
    const wrong = table.derive({ [name]: (row, i) => (i === 1 ? value : row[name]!) });
    expect(() => predictSignals(model, wrong.head(3))).toThrow(`exoplanets: ${sentence}`);
    await expect(trainExoplanets(wrong, { epochs: 1 })).rejects.toThrow(`exoplanets: ${sentence}`);
  });
});

describe("a trained network", () => {
  test("tells each epoch with the errors of label, period and depth", () => {
    expect(told.at(-1)).toMatchObject({ step: 2, steps: 2 });
    for (const name of ["loss", "accuracy", "val_accuracy", "val_period_out_mae_dex", "val_depth_out_mae_dex"])
      expect(told.at(-1)!.metrics[name]).toBeTypeOf("number");
    expect(trainingHistory(model).history).toHaveLength(2);
  });

  test("answers a label's probabilities, a period and a depth for each row", () => {
    const { probabilities, period, depth } = predictSignals(model, table.head(20));
    for (let i = 0; i < 20; i++) {
      const shares = probabilities.data.subarray(3 * i, 3 * i + 3);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    }
    expect([...period, ...depth].every((value) => value > 0 && Number.isFinite(value))).toBe(true);
    expect(model.predict(table.head(5))).toHaveLength(5);
    expect(model.classes).toEqual(["CANDIDATE", "CONFIRMED", "FALSE POSITIVE"]);
  });

  test("predicts the same after it was saved and loaded", () => {
    const loaded = ml.decodeModel<ExoplanetModel>(ml.encodeModel(model));
    expect(predictSignals(loaded, table.head(10))).toEqual(predictSignals(model, table.head(10)));
  });

  test("of a file whose state holds no network is refused", () => {
    const bytes = ml.encodeModel({ ...model, state: { network: 3, standins: { snr: 10 } } });
    expect(() => ml.decodeModel(bytes)).toThrow("exoplanet_network: the state holds no network");
  });
});

test("the estimator itself is not fitted", async () => {
  await expect(exoplanetNetwork().fit(table, { target: "label", features: quantities })).rejects.toThrow(
    "is trained by trainExoplanets",
  );
});

test("an abort ends a training within its epoch", async () => {
  const abort = new AbortController();
  const training = trainExoplanets(table, {
    epochs: 500,
    signal: abort.signal,
    observer: { progress: () => abort.abort() },
  });
  await expect(training).rejects.toMatchObject({ name: "AbortError" });
});
