import { conformalInterval, suggest } from "assay";
import { type Sentence, say, wordsOf } from "../../contract/sentences.ts";
import { basicLoad, emergencyLoad, kilograms, spellingOf, type Trainee, usualSteps } from "../../contract/workout-rule.ts";
import { type Advice, adviceOf } from "./advice.ts";
import { coalitions, type Factor, familyFactors, namedFactors } from "./factors.ts";
import { featureMatrix } from "./features.ts";
import { before, type ExerciseSession, type History, inUnit } from "./history.ts";
import { blendOf, type WorkoutModel } from "./model.ts";
import { type Moments, momentsOf } from "./moment.ts";
import { errorScale } from "./out-of-fold.ts";
import { type Plateau, plateauOf } from "./plateau.ts";
import { type LoadRules, toBounds, toPlates } from "./plates.ts";
import { hitsOf } from "./seen.ts";
import type { LoadUnit } from "./sets.ts";

/** What is asked. */
interface WeightQuestion extends LoadRules {
  readonly exercise: string;
  /** When the session begins, milliseconds since 1970; default one usual gap behind the last, or now. */
  readonly time?: number | undefined;
  readonly trainee?: Trainee | undefined;
}

/** The next working load, how sure, who says it and why. */
export interface WeightForecast {
  readonly exercise: string;
  readonly load: number;
  readonly unit: LoadUnit;
  /** Nine of ten truths lie in here, where the source is advanced. */
  readonly low: number;
  readonly high: number;
  readonly source: "advanced" | "basic" | "emergency";
  /** Share of earlier forecasts of this source that were right to one step of plates. */
  readonly confidence: number;
  /** The last top load; null without one. */
  readonly last: number | null;
  /** Smallest step of plates that was reckoned with. */
  readonly step: number;
  /** When the session begins, milliseconds since 1970; null where neither the question nor an earlier session says. */
  readonly time: number | null;
  /** They and the last load add up to the forecast. */
  readonly factors: readonly Factor[];
  readonly plateau: Plateau;
  readonly recommendations: readonly Advice[];
  /** Why a simpler source answered; null where none did. */
  readonly reason: string | null;
  /** The reason, sentence by sentence. */
  readonly reasonCodes: readonly Sentence[];
  readonly warnings: readonly string[];
  /** The warnings, one each. */
  readonly warningCodes: readonly Sentence[];
}

/** Days behind the last session from which on nobody knows how right a forecast is. */
const longGap = 180;
/** Sessions of an exercise from which on the ensemble answers for it. */
const enough = 3;

/**
 * Forecasts the next top load: the ensemble where there is one and the exercise has three sessions, else the trend of the last, else a rule of
 * level and body weight. Never throws; always within bounds of the last load; `source` and `reason` say who answered and why. Sessions at or after the
 * time that is asked for are as if they had not been.
 */
export function predictWeight(model: WorkoutModel | undefined, log: History, question: WeightQuestion): WeightForecast {
  const history = knownAt(log, question.time);
  const exercise = knownName(log, question.exercise);
  const own = (history.exercises.get(exercise) ?? []).filter(({ top }) => top > 0);
  const { unit } = history;
  const step = question.step !== undefined && question.step > 0 ? question.step : usualSteps[unit];
  const last = own.at(-1)?.top ?? null;
  const time = question.time ?? (own.length > 0 ? nextTime(own) : null);
  const plateau = plateauOf(own);
  const common = {
    exercise,
    unit,
    last,
    step,
    time,
    plateau,
    recommendations: adviceOf(history, exercise, plateau, question.trainee?.goals),
  };
  const found = ensembleForecast(model, history, own, { ...question, exercise, step, time: time ?? undefined });
  if (!("code" in found)) {
    const warned = inWords(doubtsOf(model!, question, own));
    return { ...common, ...found, source: "advanced", reason: null, reasonCodes: [], ...warned };
  }
  const simple =
    basicLoad(
      own.map(({ time, top }) => ({ time, load: top })),
      step,
    ) ?? emergencyLoad(exercise, question.trainee ?? {}, unit, step);
  const factors = last === null ? [] : namedFactors([{ name: "loads", change: simple.load - last }]);
  const { load, low, high, source, confidence } = simple;
  const reasonCodes = [found, simple.says];
  const warned = inWords(history.exercises.has(exercise) ? [] : [unknownSaid(log, exercise)]);
  return { ...common, load, low, high, source, confidence, factors, reason: wordsOf(reasonCodes), reasonCodes, ...warned };
}

function inWords(warningCodes: readonly Sentence[]): Pick<WeightForecast, "warnings" | "warningCodes"> {
  return { warnings: warningCodes.map((each) => wordsOf([each])), warningCodes };
}

/** Names of a log that are told to somebody who asks for another, at most. */
const namesMost = 20;

/** Why an exercise has no history. */
function unknownSaid({ exercises }: History, exercise: string): Sentence {
  if (exercises.has(exercise)) return say("sessions_later", exercise);
  const names = [...exercises.keys()];
  const near = /^, did you mean (.*)$/s.exec(suggest(exercise, names))?.[1];
  if (near !== undefined) return say("exercise_unknown_near", exercise, near);
  if (names.length === 0) return say("exercise_unknown", exercise);
  const among = `${names.slice(0, namesMost).join(", ")}${names.length > namesMost ? ", …" : ""}`;
  return say("exercise_unknown_among", exercise, among);
}

/** What must be said of a forecast for a date that was asked for: one of the past, and one beyond what anybody checked. */
function doubtsOf({ state }: WorkoutModel, { time }: WeightQuestion, own: readonly ExerciseSession[]): Sentence[] {
  if (time === undefined) return [];
  const gap = Math.round((time - own.at(-1)!.time) / 86_400_000);
  return [...(time <= state.seenUpTo ? [say("learned_later")] : []), ...(gap > longGap ? [say("gap_long", gap)] : [])];
}

type Found = Pick<WeightForecast, "load" | "low" | "high" | "confidence" | "factors">;

/** The ensemble's forecast, or why there is none. */
function ensembleForecast(
  model: WorkoutModel | undefined,
  history: History,
  own: readonly ExerciseSession[],
  { exercise, time, step, mostChange }: WeightQuestion & { readonly step: number },
): Found | Sentence {
  if (!model) return say("unlearned");
  if (own.length < enough) return say("few_sessions", own.length, enough);
  const { state } = model;
  /** One of the asked unit in the ensemble's. */
  const scale = kilograms[history.unit] / kilograms[state.unit];
  try {
    const moment = momentsIn(inUnit(history, state.unit)).of(exercise, time!)!;
    const last = own.at(-1)!.top;
    const row = featureMatrix([moment]).data;
    const changes = blendOf(state)(coalitions(row, state.usual));
    const loads = changes.map((change) => last * Math.exp(change));
    const raw = loads.at(-1)!;
    if (!Number.isFinite(raw)) return say("no_number");
    const bounded = toBounds(raw, last, step, mostChange);
    const load = toPlates(bounded, last, step);
    const { low, high } = conformalInterval(state.interval, bounded * scale, errorScale(last * scale));
    const factors = namedFactors([
      ...familyFactors(loads, last),
      { name: "bounds", change: bounded - raw },
      { name: "plates", change: load - bounded },
    ]);
    return {
      load,
      low: Math.max(0, Math.min(low / scale, load)),
      high: Math.max(high / scale, load),
      confidence: hitsOf(state.seen, step * scale),
      factors,
    };
  } catch (error) {
    return say("ensemble_failed", (error as Error).message);
  }
}

const opened = new WeakMap<History, Moments>();

function momentsIn(history: History): Moments {
  let moments = opened.get(history);
  if (!moments) opened.set(history, (moments = momentsOf(history)));
  return moments;
}

/** The history as it was at a time. */
function knownAt(history: History, time: number | undefined): History {
  const latest = history.all.at(-1)?.time;
  return time === undefined || latest === undefined || latest < time ? history : before(history, time);
}

/** One usual gap behind the last session. */
function nextTime(own: readonly ExerciseSession[]): number {
  const gaps = own.slice(1).map(({ time }, k) => time - own[k]!.time);
  const usual = gaps.slice(-8).sort((a, b) => a - b)[Math.floor(Math.min(8, gaps.length) / 2)] ?? 7 * 86_400_000;
  return own.at(-1)!.time + usual;
}

/** The log's own spelling of an exercise; the name as asked where the log has none. */
function knownName(history: History, exercise: string): string {
  if (history.exercises.has(exercise)) return exercise;
  const spelling = spellingOf(exercise);
  return [...history.exercises.keys()].find((name) => spellingOf(name) === spelling) ?? exercise;
}
