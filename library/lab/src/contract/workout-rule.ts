import { type Sentence, say, wordsOf } from "./sentences.ts";

/** The usual smallest pair of plates. */
export const usualSteps = { kg: 2.5, lb: 5 } as const;
/** What a unit of load weighs. */
export const kilograms = { kg: 1, lb: 0.45359237 } as const;

/** No one has lifted more in an exercise that trains: kilograms. */
export const heaviest = 1000;

/** What the simple forecasts know of one session: its heaviest load. */
export interface TopLoad {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly load: number;
}

/** How far someone is, and what for; as the service's requests say it. */
export interface Trainee {
  readonly level?: "beginner" | "intermediate" | "advanced" | undefined;
  readonly goals?: "strength" | "hypertrophy" | "endurance" | "weight_loss" | undefined;
  /** In the unit asked for. */
  readonly bodyWeight?: number | undefined;
}

/** A load and who says it. */
export interface SimpleForecast {
  readonly load: number;
  readonly low: number;
  readonly high: number;
  readonly source: "basic" | "emergency";
  /** Share of the past forecasts of its kind that were right to one step; 0 for the rule, which nobody has checked. */
  readonly confidence: number;
  readonly reason: string;
  /** The reason as programs read it. */
  readonly says: Sentence;
}

/** Sessions that the trend looks back on. */
const window = 5;
/** How far a simple forecast may lie from the last load. */
const mostChange = 0.1;

/**
 * The load of the next session from a handful of earlier ones: the Theil–Sen line of the last five, one further, at most 10 % or one step from the last;
 * with fewer than three the last load. Needs no service. Undefined without a session with load.
 */
export function basicLoad(history: readonly TopLoad[], step: number): SimpleForecast | undefined {
  const loads = history
    .filter(({ load, time }) => load > 0 && Number.isFinite(load) && Number.isFinite(time))
    .sort((a, b) => a.time - b.time)
    .map(({ load }) => load);
  const last = loads.at(-1);
  if (last === undefined) return undefined;
  const errors = loads.slice(1).map((load, k) => Math.abs(nextOf(loads.slice(Math.max(0, k + 1 - window), k + 1), step) - load));
  const load = nextOf(loads.slice(-window), step);
  const right = errors.filter((error) => error <= step).length;
  const reach = Math.max(step, ...errors.slice(-window));
  const says = loads.length < 3 ? say("by_last_load") : say("by_trend", Math.min(window, loads.length));
  return {
    load,
    low: roundLoad(Math.max(0, load - reach)),
    high: roundLoad(load + reach),
    source: "basic",
    confidence: (right + 1) / (errors.length + 2),
    reason: wordsOf([says]),
    says,
  };
}

/** The load that follows recent ones: whole steps from the last, which stays where a step down would leave nothing. */
function nextOf(recent: readonly number[], step: number): number {
  const last = recent.at(-1)!;
  if (recent.length < 3) return last;
  const slopes = recent.flatMap((load, i) => recent.slice(0, i).map((former, j) => (load - former) / (i - j)));
  const slope = middle(slopes);
  const line = middle(recent.map((load, i) => load - slope * i)) + slope * recent.length;
  const room = Math.max(step, last * mostChange);
  const next = roundLoad(last + Math.round((Math.max(last - room, Math.min(last + room, line)) - last) / step) * step);
  return next > 0 ? next : last;
}

/** Loads are compared for equality: 149.99999999999997 is 150. */
export function roundLoad(load: number): number {
  return Math.round(load * 1000) / 1000;
}

/** A load in another unit, to a thousandth. */
export function loadIn(load: number, from: keyof typeof kilograms, to: keyof typeof kilograms): number {
  return from === to ? load : roundLoad((load * kilograms[from]) / kilograms[to]);
}

/** What two spellings of one name have in common: letters, digits and pictures, lower case; a name of other signs alone is itself. */
export function spellingOf(name: string): string {
  const signs = name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Extended_Pictographic}]+/gu, " ")
    .trim();
  return signs || name.trim();
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}

/** Shares of body weight that beginners, intermediates and the advanced work with; the first whose name fits. Cautious on purpose. */
const shares: readonly (readonly [RegExp, readonly [number, number, number]])[] = [
  [/leg press/i, [1, 1.6, 2.2]],
  [/dead ?lift/i, [0.7, 1.1, 1.5]],
  [/squat/i, [0.5, 0.9, 1.3]],
  [/hip thrust/i, [0.6, 1, 1.4]],
  [/lateral|rear|reverse fly|face pull|front raise/i, [0.05, 0.09, 0.13]],
  [/curl|extension|skull|pushdown|kickback/i, [0.1, 0.17, 0.25]],
  [/dumbbell/i, [0.12, 0.22, 0.32]],
  [/bench|chest press|dip/i, [0.4, 0.7, 1]],
  [/overhead|shoulder|military|press/i, [0.25, 0.42, 0.6]],
  [/row|pull ?down|pulldown/i, [0.35, 0.6, 0.85]],
];
const others = [0.15, 0.3, 0.45] as const;
const goalShares = { strength: 1, hypertrophy: 0.85, endurance: 0.65, weight_loss: 0.7 } as const;
const levels = ["beginner", "intermediate", "advanced"] as const;
/** Kilograms, where nobody says. */
const usualBodyWeight = 70;

/**
 * A first load for somebody without history: a cautious share of body weight by exercise, level and goal, on plates. A rule of thumb, checked by
 * nobody: its confidence is 0. 70 kg where no body weight is given, or none that can be.
 */
export function emergencyLoad(
  exercise: string,
  { level, goals, bodyWeight }: Trainee,
  unit: "kg" | "lb",
  step: number,
): SimpleForecast {
  const kilogram = 1 / kilograms[unit];
  const isBody = bodyWeight !== undefined && bodyWeight >= 25 * kilogram && bodyWeight <= 350 * kilogram;
  const body = isBody ? bodyWeight : usualBodyWeight * kilogram;
  const share = (shares.find(([name]) => name.test(exercise))?.[1] ?? others)[Math.max(0, levels.indexOf(level ?? "beginner"))]!;
  const load = roundLoad(Math.max(step, Math.floor((share * goalShares[goals ?? "hypertrophy"] * body) / step) * step));
  const says = say(`by_${isBody ? "own" : "assumed"}_weight_${level ?? "beginner"}`);
  return { load, low: 0, high: 2 * load, source: "emergency", confidence: 0, reason: wordsOf([says]), says };
}
