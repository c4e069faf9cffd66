import { quantileOfSorted } from "../../numeric/statistics.ts";
import type { Trace } from "../../plots/figure.ts";
import { type Html, html } from "../html.ts";
import type { Axis } from "./axes.ts";
import { round } from "./round.ts";

/** What of a box is drawn. */
interface BoxParts {
  readonly label: unknown;
  readonly low: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly high: number;
  readonly points: readonly number[];
}

/** Everything that a box trace has on an axis: numbers along it, its labels across. */
export function boxNumbers(trace: Trace, letter: "x" | "y"): unknown[] {
  const parts = boxParts(trace);
  const isAlong = (trace["orientation"] === "h") === (letter === "x");
  if (!isAlong) return parts.map(({ label }) => label);
  return parts.flatMap(({ low, high, points }) => [low, high, ...points]);
}

/** The boxes of a trace: quartiles, whiskers, points beyond or all points. */
export function drawBoxes(trace: Trace, x: Axis, y: Axis, colour: string): Html {
  const isLying = trace["orientation"] === "h";
  const [along, across] = isLying ? [x, y] : [y, x];
  const slot = Math.abs(across.end - across.begin) / Math.max(1, across.labels.length);
  const boxes = boxParts(trace).map(({ label, low, q1, median, q3, high, points }) => {
    const middle = across.place(label);
    if (!Number.isFinite(middle + along.place(median))) return html``;
    const half = Math.min(24, 0.32 * slot);
    const at = (value: number): number => round(along.place(value));
    const [a, b] = [round(middle - half), round(middle + half)];
    const [first, last] = [Math.min(at(q1), at(q3)), Math.max(at(q1), at(q3))];
    const box = isLying ? [first, a, last - first, b - a] : [a, first, b - a, last - first];
    const m = round(middle);
    const lines = isLying
      ? `M${at(low)} ${m}H${at(q1)}M${at(q3)} ${m}H${at(high)}M${at(median)} ${a}V${b}`
      : `M${m} ${at(low)}V${at(q1)}M${m} ${at(q3)}V${at(high)}M${a} ${at(median)}H${b}`;
    const dots = points.map((value) => {
      const [cx, cy] = isLying ? [at(value), m] : [m, at(value)];
      return html`<circle cx="${cx}" cy="${cy}" r="2" fill="${colour}" fill-opacity="0.7"/>`;
    });
    return html`<rect x="${box[0]}" y="${box[1]}" width="${Math.max(0.5, round(box[2]!))}" height="${Math.max(0.5, round(box[3]!))}" fill="${colour}" fill-opacity="0.25" stroke="${colour}"/><path d="${lines}" fill="none" stroke="${colour}" stroke-width="1.4"/>${dots}`;
  });
  return html`${boxes}`;
}

/** Boxes as they were computed for plotly, or from the values. */
function boxParts(trace: Trace): BoxParts[] {
  const isLying = trace["orientation"] === "h";
  const values = (trace[isLying ? "x" : "y"] ?? []) as readonly unknown[];
  const labels = (trace[isLying ? "y" : "x"] ?? []) as readonly unknown[];
  const name = trace["name"] ?? "";
  const given = trace["median"] as readonly (number | null)[] | undefined;
  if (given) {
    const part = (key: string, k: number, otherwise: number): number =>
      (trace[key] as readonly number[] | undefined)?.[k] ?? otherwise;
    return given.flatMap((median, k) => {
      if (median === null) return [];
      const [q1, q3] = [part("q1", k, median), part("q3", k, median)];
      const points = Array.isArray(values[k]) ? (values[k] as number[]) : [];
      return [
        { label: labels[k] ?? name, low: part("lowerfence", k, q1), q1, median, q3, high: part("upperfence", k, q3), points },
      ];
    });
  }
  const groups = new Map<unknown, number[]>();
  for (const [k, value] of values.entries())
    if (typeof value === "number" && Number.isFinite(value)) {
      const label = labels[k] ?? name;
      const own = groups.get(label);
      if (own) own.push(value);
      else groups.set(label, [value]);
    }
  return [...groups].map(([label, own]) => fromValues(label, own, trace["boxpoints"] === "all"));
}

function fromValues(label: unknown, values: readonly number[], showAll: boolean): BoxParts {
  const sorted = Float64Array.from(values).sort();
  const [q1, median, q3] = [0.25, 0.5, 0.75].map((share) => quantileOfSorted(sorted, share)) as [number, number, number];
  const reach = 1.5 * (q3 - q1);
  const inside = sorted.filter((value) => value >= q1 - reach && value <= q3 + reach);
  const points = showAll ? [...sorted] : [...sorted.filter((value) => value < q1 - reach || value > q3 + reach)].slice(0, 200);
  return { label, low: inside[0] ?? q1, q1, median, q3, high: inside.at(-1) ?? q3, points };
}
