import type { Measure, Monitor, MonitorCheck } from "../contract/monitoring.ts";
import { toNumber } from "../contract/values.ts";
import { authorize, type Session } from "../projects/session.ts";
import { driftsOf } from "./drift.ts";
import { referenceOf } from "./drift-profile.ts";
import { type Found, settleAlert } from "./monitor-alerts.ts";
import { modelPerformance } from "./monitor-performance.ts";
import { listMonitors } from "./monitor-rules.ts";
import { readSketches, type Sketch, sumSketches } from "./monitor-sketch.ts";
import { findVersion, type VersionRow } from "./versions.ts";

/**
 * Looks at every monitor that is not paused, over its window before now and of the version in production: opens alerts, counts those that go on,
 * resolves those that are over. Safe to run from many processes at once.
 */
export async function checkMonitors(
  session: Session,
  { model, now = new Date() }: { readonly model?: string | undefined; readonly now?: Date } = {},
): Promise<MonitorCheck> {
  await authorize(session, "write");
  const counts = { checked: 0, opened: 0, resolved: 0 };
  for (const monitor of await listMonitors(session, model)) {
    if (monitor.paused) continue;
    const version = await inProduction(session, monitor.model);
    const found = version && (await measured(session, version, monitor, now));
    counts.checked++;
    const outcome = await settleAlert(session, monitor, version, found, now);
    if (outcome) counts[outcome]++;
  }
  return counts;
}

async function inProduction(session: Session, name: string): Promise<VersionRow | undefined> {
  const version = await findVersion(session, name);
  return version.status === "production" ? version : undefined;
}

/** The monitor's figure in its window; undefined with too few rows. */
async function measured(session: Session, version: VersionRow, monitor: Monitor, now: Date): Promise<Found | undefined> {
  const from = new Date(now.getTime() - monitor.window_hours * 3_600_000);
  const measure: Measure = monitor.measure;
  if (measure === "metric_below" || measure === "metric_above") return measuredMetric(session, version, monitor, from, now);
  const reference = await referenceOf(session, version.id);
  const sketch = sumSketches(await readSketches(session, version.id, from, now, reference?.id));
  if (measure === "rows_below")
    return { value: sketch.rows, isBeyond: sketch.rows < monitor.threshold, what: "predicted rows", rows: sketch.rows };
  if (sketch.rows < monitor.min_rows) return undefined;
  if (measure === "emergency_share")
    return above(monitor, sketch.emergencyRows / sketch.rows, "share of emergency answers", sketch);
  if (measure === "latency_ms") return above(monitor, sketch.latencySumMs / sketch.requests, "mean latency in ms", sketch);
  const drifts = driftsOf(reference, sketch);
  const hasPrediction = reference?.profile.prediction != null;
  const inputs = hasPrediction ? drifts.slice(0, -1) : drifts;
  const looked =
    measure === "prediction_drift"
      ? drifts.slice(inputs.length)
      : inputs.filter(({ name }) => monitor.subject === null || name === monitor.subject);
  const most = looked.filter(({ psi }) => psi !== null).toSorted((a, b) => b.psi! - a.psi!)[0];
  if (!most) return undefined;
  const what = measure === "prediction_drift" ? "PSI of the predictions" : `PSI of "${most.name}"`;
  return { value: most.psi!, isBeyond: most.significant && most.psi! > monitor.threshold, what, rows: sketch.rows };
}

function above({ threshold }: Monitor, value: number, what: string, { rows }: Sketch): Found {
  return { value, isBeyond: value > threshold, what, rows };
}

async function measuredMetric(
  session: Session,
  version: VersionRow,
  { measure, subject, threshold, min_rows }: Monitor,
  from: Date,
  to: Date,
): Promise<Found | undefined> {
  const { metrics, outcomes } = await modelPerformance(session, version.id, { from: from.toISOString(), to: to.toISOString() });
  const estimate = metrics[subject!];
  const value = estimate && toNumber(estimate.value);
  if (outcomes < min_rows || value === undefined || !Number.isFinite(value)) return undefined;
  return { value, isBeyond: measure === "metric_below" ? value < threshold : value > threshold, what: subject!, rows: outcomes };
}
