import type { ColumnDrift, ModelDrift, WindowQuery } from "../contract/monitoring.ts";
import { authorize, type Session } from "../projects/session.ts";
import { binCount } from "./drift-bins.ts";
import { measureDrift } from "./drift-measures.ts";
import { binsInOrder, type Reference, referenceOf } from "./drift-profile.ts";
import { type HourSketch, readSketches, type Sketch, sumSketches, trafficOf } from "./monitor-sketch.ts";
import { partOf, type Window, windowOf } from "./monitor-window.ts";
import { findVersion } from "./versions.ts";

const shownOverTime = 10;

/**
 * How far a version's inputs and answers of a window are from its reference, column by column and over time. Whole UTC hours are counted, from sketches:
 * the cost is that of the hours, not of the predictions. Throws NotFoundError, ParamsError.
 */
export async function modelDrift(session: Session, ref: string, query: WindowQuery = {}): Promise<ModelDrift> {
  await authorize(session, "read");
  const window = windowOf(query);
  const version = await findVersion(session, ref);
  const reference = await referenceOf(session, version.id);
  const sketches = await readSketches(session, version.id, window.from, window.to, reference?.id);
  const whole = sumSketches(sketches);
  const drifts = driftsOf(reference, whole);
  const prediction = reference?.profile.prediction ? drifts.at(-1)! : null;
  const columns = (prediction ? drifts.slice(0, -1) : drifts).toSorted((a, b) => (b.psi ?? -1) - (a.psi ?? -1));
  return {
    model_id: version.id,
    model: `${version.name}@${version.version}`,
    reference: reference
      ? { dataset: reference.dataset, rows: reference.rows, created_at: reference.createdAt.toISOString() }
      : null,
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    traffic: trafficOf(whole),
    columns,
    prediction,
    over_time: overTime(
      window,
      sketches,
      reference,
      columns.slice(0, shownOverTime).map(({ name }) => name),
    ),
  };
}

/** The drift of every column, and of the predictions behind them, that a sketch shows; its columns without one. */
export function driftsOf(reference: Reference | undefined, { counts }: Sketch): ColumnDrift[] {
  if (!reference) return [];
  const all = binsInOrder(reference.profile);
  let from = 0;
  return all.map((bins) => {
    const size = binCount(bins);
    const own = counts ? Array.from(counts.subarray(from, from + size)) : new Array<number>(size).fill(0);
    from += size;
    return measureDrift(bins, own, all.length);
  });
}

function overTime(
  window: Window,
  sketches: readonly HourSketch[],
  reference: Reference | undefined,
  names: readonly string[],
): ModelDrift["over_time"] {
  const parts = Map.groupBy(sketches, ({ hour }) => partOf(window, hour));
  return window.begins.map((begin, k) => {
    const sketch = sumSketches(parts.get(k) ?? []);
    const drifts = driftsOf(reference, sketch);
    const psiByName = new Map(drifts.map(({ name, psi }) => [name, psi]));
    return {
      from: begin.toISOString(),
      ...trafficOf(sketch),
      prediction_psi: reference?.profile.prediction ? drifts.at(-1)!.psi : null,
      psi: Object.fromEntries(names.map((name) => [name, psiByName.get(name) ?? null])),
    };
  });
}
