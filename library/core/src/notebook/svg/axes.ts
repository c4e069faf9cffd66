import type { Figure, Trace } from "../../plots/figure.ts";
import { barEnds } from "./bars.ts";
import { boxNumbers } from "./boxes.ts";

/** An axis of a figure before it has a place: what is on it. */
interface AxisData {
  /** "x", "y2" … */
  readonly id: string;
  readonly kind: "number" | "log" | "date" | "category";
  /** Of categories. */
  readonly labels: readonly string[];
  readonly low: number;
  readonly high: number;
  readonly isReversed: boolean;
  readonly title: string;
  /** Share of the figure that it takes. */
  readonly domain: readonly [number, number];
  readonly isVisible: boolean;
  readonly hasLabels: boolean;
  readonly hasZeroLine: boolean;
  /** Ticks as the figure gives them. */
  readonly given: readonly (readonly [value: number, text: string])[] | undefined;
}

/** An axis with its place in pixels. */
export interface Axis extends AxisData {
  readonly begin: number;
  readonly end: number;
  /** Pixel of a value; NaN where it has none. */
  place(value: unknown): number;
  readonly ticks: readonly (readonly [at: number, text: string])[];
}

/** The axes that a figure's traces lie on, by id. */
export function axesOf(figure: Figure): Map<string, AxisData> {
  const axes = new Map<string, AxisData>();
  for (const trace of figure.data) {
    if (trace["type"] === "parcoords") continue;
    for (const letter of ["x", "y"] as const) {
      const id = axisId(trace, letter);
      if (!axes.has(id)) axes.set(id, axisOf(figure, id, letter));
    }
  }
  return axes;
}

/** Which axis a trace lies on. */
export function axisId(trace: Trace, letter: "x" | "y"): string {
  return (trace[`${letter}axis`] as string | undefined) ?? letter;
}

/** Gives an axis its place from pixel `begin` to `end`. */
export function placed(axis: AxisData, begin: number, end: number): Axis {
  const [from, to] = axis.isReversed ? [end, begin] : [begin, end];
  const span = axis.high > axis.low ? axis.high - axis.low : 1;
  const place = (value: unknown): number => {
    const number = numberOn(axis, value);
    return Number.isFinite(number) ? from + ((number - axis.low) / span) * (to - from) : Number.NaN;
  };
  const length = Math.abs(end - begin);
  const wanted = Math.max(2, Math.floor(length / (axis.id.startsWith("x") ? 80 : 44)));
  const ticks = axis.given
    ? axis.given.map(([value, text]) => [place(value), text] as const)
    : ticksOf(axis, wanted, length).map(([number, text]) => [from + ((number - axis.low) / span) * (to - from), text] as const);
  return { ...axis, begin, end, place, ticks };
}

/** What turns values into numbers. */
type Scale = Pick<AxisData, "kind" | "labels">;

/** A value as a number on the axis: a category's place, a logarithm, milliseconds. */
function numberOn({ kind, labels }: Scale, value: unknown): number {
  if (value === null || value === undefined) return Number.NaN;
  if (kind === "category") {
    const place = labels.indexOf(String(value));
    return place >= 0 ? place + 0.5 : typeof value === "number" ? value + 0.5 : Number.NaN;
  }
  if (kind === "date") return typeof value === "number" ? value : Date.parse(String(value));
  const number = typeof value === "number" ? value : Number.NaN;
  return kind === "log" ? Math.log10(number) : number;
}

function axisOf(figure: Figure, id: string, letter: "x" | "y"): AxisData {
  const layout = (figure.layout[`${letter}axis${id.slice(1)}`] ?? {}) as Record<string, unknown>;
  const traces = figure.data.filter((trace) => trace["type"] !== "parcoords" && axisId(trace, letter) === id);
  const values = traces.flatMap((trace) => valuesOn(trace, letter));
  const isText = values.some((value) => typeof value === "string");
  const isDate = layout["type"] === "date";
  const kind = isDate
    ? "date"
    : layout["type"] === "category" || isText
      ? "category"
      : layout["type"] === "log"
        ? "log"
        : "number";
  const labels = kind === "category" ? [...new Set(values.filter((value) => value !== null).map(String))] : [];
  const base = { id, kind, labels, low: 0, high: Math.max(1, labels.length) } as const;
  const [low, high] = kind === "category" ? [0, Math.max(1, labels.length)] : extent(base, values, traces, letter, layout);
  const tickvals = layout["tickvals"] as readonly number[] | undefined;
  const ticktext = layout["ticktext"] as readonly string[] | undefined;
  return {
    ...base,
    low,
    high,
    isReversed: layout["autorange"] === "reversed",
    title: (layout["title"] as { text?: string } | undefined)?.text ?? "",
    domain: (layout["domain"] as [number, number] | undefined) ?? [0, 1],
    isVisible: layout["visible"] !== false,
    hasLabels: layout["showticklabels"] !== false,
    hasZeroLine: layout["zeroline"] === true,
    given: tickvals?.map((value, k) => [value, ticktext?.[k] ?? String(value)] as const),
  };
}

/** Everything that a trace has on an axis. */
function valuesOn(trace: Trace, letter: "x" | "y"): unknown[] {
  const own = Array.isArray(trace[letter]) ? (trace[letter] as unknown[]) : [];
  if (trace["type"] === "box") return boxNumbers(trace, letter);
  if (trace["type"] === "bar" && (trace["orientation"] === "h") === (letter === "x")) return barEnds(trace);
  const errors = trace[`error_${letter}`] as { array?: readonly number[] } | undefined;
  if (!errors?.array) return own;
  return own.flatMap((value, k) =>
    typeof value === "number" ? [value - errors.array![k]!, value + errors.array![k]!] : [value],
  );
}

/** Least and greatest number of an axis, with room where marks would be cut. */
function extent(
  axis: Scale,
  values: readonly unknown[],
  traces: readonly Trace[],
  letter: "x" | "y",
  layout: Readonly<Record<string, unknown>>,
): [number, number] {
  const range = layout["range"] as readonly number[] | undefined;
  if (range?.every(Number.isFinite)) return [range[0]!, range[1]!];
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    const number = numberOn(axis, value);
    if (!Number.isFinite(number)) continue;
    low = Math.min(low, number);
    high = Math.max(high, number);
  }
  if (low > high) return [0, 1];
  const step = traces.some(({ type }) => type === "heatmap") ? halfStep(values) : barRoom(traces, letter);
  const isLength = traces.some((trace) => trace["type"] === "bar" && (trace["orientation"] === "h") === (letter === "x"));
  const touchesZero = isLength || layout["rangemode"] === "tozero";
  const room = step > 0 ? 0 : 0.04 * (high - low || Math.abs(high) || 1);
  const first = low - step - (touchesZero && low >= 0 ? 0 : room);
  const last = high + step + (touchesZero && high <= 0 ? 0 : room);
  return touchesZero ? [Math.min(0, first), Math.max(0, last)] : [first, last];
}

/** Half of the width of upright bars on their own axis. */
function barRoom(traces: readonly Trace[], letter: "x" | "y"): number {
  const bars = traces.filter((trace) => trace["type"] === "bar" && (trace["orientation"] === "h") === (letter === "y"));
  return Math.max(
    0,
    ...bars.map((trace) => {
      const width = trace["width"];
      if (typeof width === "number") return width / 2;
      return Array.isArray(width) ? Math.max(...(width as number[])) / 2 : halfStep(trace[letter] as readonly unknown[]);
    }),
  );
}

function halfStep(values: readonly unknown[]): number {
  const sorted = [...new Set(values.filter((value): value is number => typeof value === "number"))].sort((a, b) => a - b);
  const gaps = sorted.slice(1).map((value, k) => value - sorted[k]!);
  return gaps.length > 0 ? Math.min(...gaps) / 2 : 0.5;
}

/** Numbers on the axis with their words: every category that has room, powers of ten, days, or round numbers. */
function ticksOf(axis: AxisData, wanted: number, length: number): (readonly [number, string])[] {
  if (axis.kind === "category") {
    const every = Math.ceil(axis.labels.length / Math.max(1, length / 13));
    return axis.labels.flatMap((label, k) => (k % every === 0 ? [[k + 0.5, label] as const] : []));
  }
  const { low, high } = axis;
  if (axis.kind === "log" && high - low >= 1) {
    const every = Math.ceil((high - low) / wanted);
    const powers = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, k) => Math.ceil(low) + k);
    return powers.filter((_, k) => k % every === 0).map((power) => [power, String(Number(`1e${power}`))] as const);
  }
  const raw = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw * 0.999)!;
  const found: (readonly [number, string])[] = [];
  for (let k = Math.ceil(low / step); k * step <= high + step * 1e-9 && found.length < 50; k++) {
    const number = k * step;
    const text = axis.kind === "date" ? dateText(number, high - low) : numberText(axis.kind === "log" ? 10 ** number : number);
    found.push([number, text]);
  }
  return found;
}

function numberText(value: number): string {
  const short = Number(value.toPrecision(6));
  return Math.abs(short) >= 1e6 || (short !== 0 && Math.abs(short) < 1e-4)
    ? short.toExponential().replace("e+", "e")
    : String(short);
}

function dateText(ms: number, span: number): string {
  const text = new Date(ms).toISOString();
  return span > 2 * 86_400_000 ? text.slice(0, 10) : text.slice(11, 19);
}
