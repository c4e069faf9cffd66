import * as ml from "assay";
import { describe, expect, test } from "vitest";
import "../job-kinds.ts";
import type { Alert, ModelDrift, Monitor } from "../contract/monitoring.ts";
import { getDataset, uploadDataset } from "../datasets/index.ts";
import { flowers } from "../testing/flowers.ts";
import { testService } from "../testing/test-service.ts";
import { trainedRun } from "../testing/trained-run.ts";
import {
  acknowledgeAlert,
  changeMonitor,
  checkMonitors,
  createMonitor,
  deployRun,
  findModel,
  flushPredictions,
  listAlerts,
  listAudit,
  modelDrift,
  modelPerformance,
  predict,
  promote,
  reportOutcomes,
  resolveAlert,
  setReference,
} from "./index.ts";
import { metricsOf } from "./monitor-metrics.ts";
import { insertSketch, mergeHour, readSketches } from "./monitor-sketch.ts";

let runId: string;
const session = () => service.session;
const service = testService({}, async () => {
  await uploadDataset(session(), flowers(), { name: "flowers" });
  const { dataset_id } = await getDataset(session(), "flowers");
  const { id } = await session()
    .db.selectFrom("dataset_versions")
    .select("id")
    .where("dataset_id", "=", dataset_id)
    .executeTakeFirstOrThrow();
  runId = await trainedRun(session(), 4, id);
});

async function deployed(name: string): Promise<string> {
  const { model_id } = await deployRun(session(), runId, { name });
  await promote(session(), model_id); // into production
  return model_id;
}

type FlowerRow = { petal_length: ml.Cell; petal_width: ml.Cell; colour: ml.Cell };
const rowsOf = (table: ml.Table) => table.select(["petal_length", "petal_width", "colour"]).toRows() as unknown as FlowerRow[];

/** 300 rows of the law that the flowers have. */
function usual(): FlowerRow[] {
  const rows = rowsOf(flowers());
  return [...rows, ...rows];
}

async function predictAll(ref: string, rows: FlowerRow[]): Promise<void> {
  await predict(session(), ref, rows);
  await flushPredictions(session());
}

describe("drift", () => {
  test("of the training rows themselves is none, and the dataset is named", async () => {
    const id = await deployed("steady");
    await predictAll(id, usual());
    const { reference, columns, prediction, traffic } = await modelDrift(session(), "steady@production");
    expect(reference).toMatchObject({ dataset: "flowers@1", rows: 150 });
    expect(traffic).toMatchObject({ requests: 1, rows: 300, basic_rows: 0, emergency_rows: 0 });
    expect(columns.map(({ name, verdict }) => [name, verdict]).toSorted()).toEqual([
      ["colour", "steady"],
      ["petal_length", "steady"],
      ["petal_width", "steady"],
    ]);
    for (const { psi } of columns) expect(psi).toBeCloseTo(0, 10);
    expect(prediction!.verdict).toBe("steady");
  });

  test("of a column that moved is told, with the predictions that it moves", async () => {
    const id = await deployed("moving");
    await predictAll(
      id,
      usual().map((row) => ({ ...row, petal_length: 9, colour: "black" })),
    );
    const { columns, prediction } = await modelDrift(session(), id);
    expect(
      columns
        .filter(({ verdict }) => verdict === "moved")
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(["colour", "petal_length"]);
    expect(columns.find(({ name }) => name === "colour")!.other).toEqual([0, 1]);
    expect(prediction!.verdict).toBe("moved");
  });

  test("is parted by time, and a window of other hours has no rows", async () => {
    const id = await deployed("timed");
    await predictAll(id, usual());
    const now = Date.now();
    const { over_time } = await modelDrift(session(), id, {
      from: new Date(now - 3 * 3_600_000).toISOString(),
      to: new Date(now + 3_600_000).toISOString(),
      step: "hour",
    });
    expect(over_time.map(({ rows }) => rows).filter((rows) => rows > 0)).toEqual([300]);
    expect(over_time.find(({ rows }) => rows > 0)!.psi["petal_length"]).toBeCloseTo(0, 10);
    const before = await modelDrift(session(), id, { from: "2020-01-01T00:00:00Z", to: "2020-01-02T00:00:00Z" });
    expect([before.traffic.rows, before.columns[0]!.verdict, before.columns[0]!.psi]).toEqual([0, "unknown", null]);
  });

  test("keeps no value, whatever the model's log keeps", async () => {
    const id = await deployed("private");
    await predictAll(id, [{ petal_length: 87654321.125, petal_width: 1, colour: "secret" }]);
    const [row] = await session().db.selectFrom("prediction_sketches").selectAll().where("model_version_id", "=", id).execute();
    expect(JSON.stringify({ ...row, counts: row!.counts!.toString("latin1") })).not.toMatch(/secret|87654321/); // which no id and no instant holds by chance
  });

  test("is held against another dataset on demand, and then counts anew", async () => {
    const id = await deployed("compared");
    await predictAll(id, usual());
    await uploadDataset(session(), flowers().head(60), { name: "other flowers" });
    expect(await setReference(session(), id, "other flowers")).toEqual({ dataset: "other flowers@1", rows: 60 });
    const { reference, columns, traffic } = await modelDrift(session(), id);
    expect([reference!.dataset, columns[0]!.psi, traffic.rows]).toEqual(["other flowers@1", null, 300]);
    await predictAll(id, rowsOf(flowers().head(60)));
    expect((await modelDrift(session(), id)).columns[0]!.psi).toBeCloseTo(0, 10);
  });

  test("refuses a reference without a column that the model reads", async () => {
    const id = await deployed("refused");
    await uploadDataset(session(), flowers().select(["petal_length", "kind"]), { name: "too narrow" });
    await expect(setReference(session(), id, "too narrow")).rejects.toThrow(
      'has no column "petal_width", which refused@1.0.0 reads',
    );
  });

  test("of an hour is the same after its rows were merged", async () => {
    const id = await deployed("merged");
    for (let k = 0; k < 5; k++) await predictAll(id, usual().slice(0, 30 * (k + 1)));
    const before = await modelDrift(session(), id);
    const { rows: hours } = await session()
      .db.transaction()
      .execute(async (db) => {
        const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
        await mergeHour(session(), db, id, hour);
        return { rows: await db.selectFrom("prediction_sketches").select("id").where("model_version_id", "=", id).execute() };
      });
    expect(hours.length).toBeLessThanOrEqual(2); // two where the hour ended meanwhile
    const after = await modelDrift(session(), id);
    expect(after.columns).toEqual(before.columns);
    expect(after.traffic).toEqual(before.traffic);
  });

  test("counts every row once when eight write and merge at once", async () => {
    const id = await deployed("crowded");
    await Promise.all(
      Array.from({ length: 8 }, async (_, k) => {
        for (let i = 0; i < 5; i++) await predict(session(), id, usual().slice(0, 10 + k));
        await flushPredictions(session());
        const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000);
        await session()
          .db.transaction()
          .execute((db) => mergeHour(session(), db, id, hour));
      }),
    );
    const sketches = await readSketches(session(), id, new Date(Date.now() - 7_200_000), new Date(Date.now() + 1000), undefined);
    expect(sketches.reduce((sum, { rows }) => sum + rows, 0)).toBe(5 * (8 * 10 + 28));
  });

  test.each([
    [{ from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }, "from must be before to"],
    [{ from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z", step: "hour" as const }, "take a larger step"],
  ])("refuses the window %o", async (query, message) => {
    const id = await deployed(`window ${message}`);
    await expect(modelDrift(session(), id, query)).rejects.toThrow(message);
  });
});

describe("alerts", () => {
  const moved = () => usual().map((row) => ({ ...row, petal_length: 9 }));
  const hours = (n: number) => new Date(Date.now() + n * 3_600_000);

  test("open once, are counted, acknowledged, and resolved when the measure is back", async () => {
    const id = await deployed("watched");
    await createMonitor(session(), "watched", { name: "inputs", measure: "input_drift", threshold: 0.25, cooldown_hours: 0 });
    await predictAll(id, moved());
    expect(await checkMonitors(session(), { model: "watched" })).toEqual({ checked: 1, opened: 1, resolved: 0 });
    expect(await checkMonitors(session(), { model: "watched" })).toEqual({ checked: 1, opened: 0, resolved: 0 });
    const [alert] = (await listAlerts(session(), { model: "watched" })).items as [Alert];
    expect(alert).toMatchObject({ alert_status: "open", times: 2, monitor: "inputs", model_id: id });
    expect(alert.message).toMatch(/^watched@1\.0\.0: PSI of "petal_length" is \d.*over 24 h, above 0\.25 \(300 rows\)$/);
    expect((await acknowledgeAlert(session(), alert.alert_id, "looking")).alert_status).toBe("acknowledged");
    await expect(acknowledgeAlert(session(), alert.alert_id)).rejects.toThrow("is acknowledged and cannot be acknowledged");
    for (let k = 0; k < 40; k++) await predict(session(), id, usual());
    await flushPredictions(session());
    expect(await checkMonitors(session(), { model: "watched" })).toEqual({ checked: 1, opened: 0, resolved: 1 });
    const [over] = (await listAlerts(session(), { model: "watched" })).items as [Alert];
    expect([over.alert_status, over.resolved_by]).toEqual(["resolved", null]);
    const model = await findModel(session(), "watched");
    const trail = (await listAudit(session(), model.id)).items.filter(({ action }) => action === "alert");
    expect(trail.map(({ detail }) => detail["alert_status"])).toEqual(["resolved", "acknowledged", "open"]);
  });

  test("that were resolved do not open again within the cool-down", async () => {
    const id = await deployed("cooled");
    await createMonitor(session(), "cooled", {
      name: "inputs",
      measure: "input_drift",
      threshold: 0.25,
      window_hours: 48,
      cooldown_hours: 5,
    });
    await predictAll(id, moved());
    await checkMonitors(session(), { model: "cooled" });
    const [alert] = (await listAlerts(session(), { model: "cooled" })).items as [Alert];
    await resolveAlert(session(), alert.alert_id, "retrained");
    expect((await checkMonitors(session(), { model: "cooled", now: hours(4) })).opened).toBe(0);
    expect((await checkMonitors(session(), { model: "cooled", now: hours(6) })).opened).toBe(1);
  });

  test("open once though ten check at the same time", async () => {
    const id = await deployed("raced");
    await createMonitor(session(), "raced", { name: "inputs", measure: "input_drift", threshold: 0.25 });
    await predictAll(id, moved());
    const checks = await Promise.all(Array.from({ length: 10 }, () => checkMonitors(session(), { model: "raced" })));
    expect(checks.reduce((sum, { opened }) => sum + opened, 0)).toBe(1);
  });

  test("say nothing of too few rows, of a paused monitor, or of a model that is not in production", async () => {
    const id = await deployed("quiet");
    const monitor = await createMonitor(session(), "quiet", {
      name: "inputs",
      measure: "input_drift",
      threshold: 0.25,
      min_rows: 1000,
    });
    await predictAll(id, moved());
    expect(await checkMonitors(session(), { model: "quiet" })).toEqual({ checked: 1, opened: 0, resolved: 0 });
    await changeMonitor(session(), monitor.monitor_id, { paused: true, min_rows: 1 });
    expect(await checkMonitors(session(), { model: "quiet" })).toEqual({ checked: 0, opened: 0, resolved: 0 });
    await deployRun(session(), runId, { name: "staged only" });
    await createMonitor(session(), "staged only", { name: "rows", measure: "rows_below", threshold: 10 });
    expect((await checkMonitors(session(), { model: "staged only" })).opened).toBe(0);
  });

  test("tell of too few predictions, and of emergency answers", async () => {
    await deployed("silent");
    await createMonitor(session(), "silent", { name: "rows", measure: "rows_below", threshold: 10 });
    expect((await checkMonitors(session(), { model: "silent" })).opened).toBe(1);
    const id = await deployed("broken");
    await createMonitor(session(), "broken", { name: "rule", measure: "emergency_share", threshold: 0.5, min_rows: 1 });
    const sketch = { requests: 4, rows: 4, basicRows: 0, emergencyRows: 3, latencySumMs: 4, latencyMaxMs: 1, counts: undefined };
    await session()
      .db.transaction()
      .execute((db) => insertSketch(session(), db, id, new Date(Date.now() - 3_600_000), null, sketch));
    expect((await checkMonitors(session(), { model: "broken" })).opened).toBe(1);
    const [alert] = (await listAlerts(session(), { model: "broken" })).items as [Alert];
    expect(alert.message).toContain("share of emergency answers is 0.75");
  });

  test("need the metric's name for a metric, and no taken name", async () => {
    await deployed("named");
    await expect(createMonitor(session(), "named", { name: "m", measure: "metric_below", threshold: 0.8 })).rejects.toThrow(
      "needs the metric's name",
    );
    await createMonitor(session(), "named", { name: "m", measure: "rows_below", threshold: 1 });
    await expect(createMonitor(session(), "named", { name: "m", measure: "rows_below", threshold: 2 })).rejects.toThrow(
      'the name "m" is taken',
    );
    await expect(createMonitor(session(), "nmaed", { name: "m", measure: "rows_below", threshold: 2 })).rejects.toThrow(
      'no model "nmaed"',
    );
  });
});

describe("over HTTP", () => {
  const call = async <T>(method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", url: string, payload?: object) => {
    const { statusCode, body } = await service.app.inject({
      method,
      url,
      headers: { "x-assay": "1" },
      ...(payload && { payload }),
    });
    return { code: statusCode, answer: JSON.parse(body) as T & { detail: string; field: string } };
  };

  test("drift, reference, monitors and alerts have their routes", async () => {
    const id = await deployed("served");
    await predictAll(
      id,
      usual().map((row) => ({ ...row, petal_length: 9 })),
    );
    const { code, answer } = await call<{ drift: ModelDrift }>("GET", "/api/ml/models/served@production/drift?step=hour");
    expect([code, answer.drift.columns[0]!.name]).toEqual([200, "petal_length"]);
    const made = await call<{ monitor: Monitor }>("POST", "/api/ml/models/served/monitors", {
      name: "in",
      measure: "input_drift",
      threshold: 0.2,
    });
    expect(made.code).toBe(201);
    expect((await call<{ opened: number }>("POST", "/api/ml/monitors/check", { model: "served" })).answer.opened).toBe(1);
    const alerts = await call<{ items: Alert[] }>("GET", "/api/ml/alerts?model=served&alert_status=open");
    const url = `/api/ml/alerts/${alerts.answer.items[0]!.alert_id}/resolve`;
    expect((await call<{ alert: Alert }>("POST", url, { note: "known" })).answer.alert).toMatchObject({
      alert_status: "resolved",
      note: "known",
    });
    expect((await call("POST", url)).code).toBe(409);
    expect(
      (await call<{ dataset: string }>("PUT", `/api/ml/models/${id}/reference`, { dataset_id: "flowers" })).answer.dataset,
    ).toBe("flowers@1");
    const monitor = `/api/ml/monitors/${made.answer.monitor.monitor_id}`;
    expect((await call<{ monitor: Monitor }>("PATCH", monitor, { paused: true })).answer.monitor.paused).toBe(true);
    expect((await call("DELETE", monitor)).code).toBe(200);
    expect((await call<{ items: Monitor[] }>("GET", "/api/ml/models/served/monitors")).answer.items).toEqual([]);
  });

  test("a monitor brings the schedule that looks at it, once", async () => {
    await deployed("scheduled");
    for (const name of ["a", "b"])
      await call("POST", "/api/ml/models/scheduled/monitors", { name, measure: "rows_below", threshold: 1 });
    const schedules = await session().db.selectFrom("schedules").select("kind").where("name", "=", "monitoring").execute();
    expect(schedules).toEqual([{ kind: "monitor" }]);
  });

  test.each([
    ["/api/ml/models/nothing/drift", 404],
    ["/api/ml/models/nothing/drift?step=year", 400],
    ["/api/ml/alerts?alert_status=gone", 400],
    ["/api/ml/alerts?cursor=x", 400],
  ])("GET %s is answered by %d", async (url, code) => expect((await call("GET", url)).code).toBe(code));
});

describe("performance", () => {
  const truths = flowers().values("kind") as string[];
  const rows = rowsOf(flowers());

  async function reported(name: string, change: (truth: string, i: number) => string): Promise<string> {
    const id = await deployed(name);
    const { prediction_id } = await predict(session(), id, rows);
    await flushPredictions(session());
    await reportOutcomes(session(), [{ prediction_id, truth: truths.map(change) }]);
    return id;
  }

  test("is that of the metrics of core on the same rows, with Wilson's interval, and says what is known", async () => {
    const id = await reported("judged", (truth, i) => (i % 10 === 0 ? "aster" : truth));
    const predicted = (
      await session()
        .db.selectFrom("predictions")
        .select("prediction")
        .where("model_version_id", "=", id)
        .executeTakeFirstOrThrow()
    ).prediction;
    const { metrics, outcomes, predictions, delay_hours, over_time, newest_only, baseline } = await modelPerformance(
      session(),
      id,
    );
    const actual = truths.map((truth, i) => (i % 10 === 0 ? "aster" : truth));
    const accuracy = ml.metricByName("accuracy", "classification").compute({ yTrue: actual, yPred: predicted });
    const right = Math.round(150 * accuracy);
    expect(metrics["accuracy"]!.value).toBeCloseTo(accuracy, 12);
    expect([metrics["accuracy"]!.low, metrics["accuracy"]!.high]).toEqual([
      ml.shareInterval(right, 150).low,
      ml.shareInterval(right, 150).high,
    ]);
    expect(metrics["f1_macro"]!.value).toBeCloseTo(
      ml.metricByName("f1_macro", "classification").compute({ yTrue: actual, yPred: predicted }),
      12,
    );
    expect(metrics["log_loss"]!.value).toBeGreaterThan(0);
    expect([outcomes, predictions, newest_only]).toEqual([150, 150, false]);
    expect(delay_hours!.p90).toBeLessThan(0.1);
    expect(over_time.map((part) => part.outcomes).filter((n) => n > 0)).toEqual([150]);
    expect(baseline["test.accuracy"]).toBeGreaterThan(0.5);
  });

  test("of a window without outcomes has no metric", async () => {
    const id = await deployed("unknown yet");
    await predictAll(id, rows);
    const { metrics, outcomes, predictions, delay_hours } = await modelPerformance(session(), id);
    expect([metrics, outcomes, predictions, delay_hours]).toEqual([{}, 0, 150, null]);
  });

  test("opens an alert when a metric falls below its threshold", async () => {
    await reported("failing", () => "crocus");
    await createMonitor(session(), "failing", { name: "accuracy", measure: "metric_below", subject: "accuracy", threshold: 0.8 });
    expect((await checkMonitors(session(), { model: "failing" })).opened).toBe(1);
    expect((await listAlerts(session(), { model: "failing" })).items[0]!.message).toMatch(
      /accuracy is 0\.\d+ over 24 h, below 0\.8 \(150 rows\)/,
    );
  });

  test("of numbers has intervals around MAE, RMSE and bias that hold the closed form", () => {
    const errors = [1, -2, 3, 0];
    const known = errors.map((error, i) => ({ predicted: i + error, actual: i, proba: null }));
    const { mae, rmse, bias } = metricsOf(known, "regression", null);
    expect([mae!.value, bias!.value]).toEqual([1.5, 0.5]);
    expect(rmse!.value).toBeCloseTo(Math.sqrt(14 / 4), 12);
    const spread = Math.sqrt([1, 2, 3, 0].reduce((sum, x) => sum + (x - 1.5) * (x - 1.5), 0) / 3 / 4);
    expect(mae!.high! - mae!.low!).toBeCloseTo(2 * 1.959963984540054 * spread, 12);
  });

  test("of one row, or of a class that the model does not know, is still a figure", () => {
    const one = metricsOf([{ predicted: "a", actual: "new", proba: [0.5, 0.5] }], "classification", ["a", "b"]);
    expect(one["accuracy"]).toMatchObject({ value: 0, low: 0 });
    expect(metricsOf([{ predicted: 1, actual: 2, proba: null }], "regression", null)["mae"]).toEqual({
      value: 1,
      low: null,
      high: null,
    });
  });
});
