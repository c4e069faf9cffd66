import type { MetricValue, Run } from "assay-lab/contract";

/** A metric with `digits` significant digits; whole numbers whole. */
export function formatMetric(value: MetricValue | null | undefined, digits: number): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return { NaN: "NaN", Infinity: "∞", "-Infinity": "−∞" }[value];
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e9) ? value.toExponential(digits - 1) : value.toPrecision(digits);
  return size >= 10 ** digits && size < 1e9 ? value.toFixed(0) : inLanguage(text);
}

/** A number with so many decimals. */
export function formatFixed(value: number, decimals: number): string {
  return inLanguage(value.toFixed(decimals));
}

/** An interval of numbers that are written: [0.1, 0.2]; apart by more than a comma where that is the decimal mark. */
export function formatInterval(low: string, high: string): string {
  return `[${low}${decimalMark === "," ? " ;" : ","} ${high}]`;
}

/** A share of 1 in percent, with one decimal: 12.5 %. */
export function formatPercent(share: number): string {
  return `${formatFixed(100 * share, 1)} %`;
}

/** A difference with its sign. */
export function formatSigned(difference: number, digits: number): string {
  const size = formatMetric(Math.abs(difference), digits);
  return difference === 0 ? "±0" : `${difference > 0 ? "+" : "−"}${size}`;
}

/** A run's algorithm, under the preset's name where it was asked for by one. */
export function formatAlgorithm({ algorithm, preset }: Pick<Run, "algorithm" | "preset">): string {
  return preset ? `${preset} (${algorithm})` : (algorithm ?? "–");
}

/** Any value of a parameter in one line; a number as metrics are written where `digits` are given. */
export function formatValue(value: unknown, digits?: number): string {
  if (digits !== undefined && typeof value === "number") return formatMetric(value, digits);
  if (value === null || value === undefined) return "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A duration in its two largest units. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${formatFixed(seconds, 1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A size in the largest unit that leaves a number of at least one. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"].map((unit) => (isFrench() ? unit.replace("B", "o") : unit));
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${formatFixed(bytes / 1000 ** power, power === 0 ? 0 : 1)} ${units[power]}`;
}

/** An instant in the reader's zone, to the minute; the year where it is not this one. What is no instant stays as it is. */
export function formatInstant(instant: string): string {
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const sameYear = date.getFullYear() === new Date().getFullYear();
  return (sameYear ? instantFormats.ofThisYear : instantFormats.ofAnother).format(date);
}

/** A day of the calendar, as 2026-07-14, whatever the reader's zone; the year where it is not this one. */
export function formatDay(day: string): string {
  const date = new Date(day.slice(0, 10));
  const sameYear = date.getUTCFullYear() === new Date().getUTCFullYear();
  return date.toLocaleDateString(language, {
    ...(sameYear ? {} : { year: "numeric" }),
    month: "short",
    day: "numeric",
    timeZone: "UTC",
  });
}

/** Short names of the seven days, Sunday first, or of the twelve months. */
export function namesOf(what: "weekday" | "month"): string[] {
  const dates = Array.from({ length: what === "weekday" ? 7 : 12 }, (_, k) =>
    what === "weekday" ? Date.UTC(2023, 0, 1 + k) : Date.UTC(2023, k, 1),
  );
  return dates.map((date) => new Date(date).toLocaleDateString(language, { [what]: "short", timeZone: "UTC" }));
}

/** How instants are written. Made once for a language: one that is made for each instant takes longer than the row it stands in. */
function formatsOfInstants(code: string | undefined) {
  const ofThisYear = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" } as const;
  return {
    ofThisYear: new Intl.DateTimeFormat(code, ofThisYear),
    ofAnother: new Intl.DateTimeFormat(code, { year: "numeric", ...ofThisYear }),
  };
}

/** The language that counts and dates are written in; undefined for the browser's. */
let language: string | undefined;
let instantFormats = formatsOfInstants(language);
let decimalMark = ".";

/** A number that is written with a point, with the mark that the reader's language has. */
function inLanguage(text: string): string {
  return text.replace(".", decimalMark);
}

/** The decimal mark and the one between thousands, as plotly takes them. */
export function numberMarks(): string {
  const parts = new Intl.NumberFormat(language ?? "en").formatToParts(1e6);
  return decimalMark + parts.find(({ type }) => type === "group")!.value;
}

/** Bytes are octets there. */
function isFrench(): boolean {
  return language?.startsWith("fr") ?? false;
}

/** Writes numbers and dates in a language from now on, as `fr-FR`; dates of an English page stay in the browser's variety of it. */
export function writeIn(code: string): void {
  language = /^en\b/.test(code) ? undefined : code;
  instantFormats = formatsOfInstants(language);
  const parts = new Intl.NumberFormat(language ?? "en").formatToParts(0.5);
  decimalMark = parts.find(({ type }) => type === "decimal")!.value;
}

/** A count with its thousands apart: 10,000. */
export function formatCount(count: number): string {
  return count.toLocaleString(language ?? "en");
}

/** Rows × columns of a table. */
export function formatShape(rows: number | null, columns: number | null): string {
  return [rows, columns].map((count) => (count === null ? "–" : formatCount(count))).join(" × ");
}

/** A cell of data in at most nine significant digits; of an instant its day, with the time where it has one. */
export function formatCell(value: unknown): string {
  if (typeof value === "number") {
    const size = Math.abs(value);
    if (Number.isSafeInteger(value)) return String(value);
    return size < 1e-4 || size >= 1e15 ? value.toExponential(4) : String(Number(value.toPrecision(9)));
  }
  if (typeof value !== "string") return value === null || value === undefined ? "–" : String(value);
  const instant = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):(\d\d)(?:\.\d+)?Z?$/.exec(value);
  if (!instant) return value;
  const [, day, time, seconds] = instant;
  if (time === "00:00" && seconds === "00") return day!;
  return `${day} ${time}${seconds === "00" ? "" : `:${seconds}`}`;
}
