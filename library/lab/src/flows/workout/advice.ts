import { type Sentence, say, wordsOf } from "../../contract/sentences.ts";
import type { Trainee } from "../../contract/workout-rule.ts";
import { type History, isAssisted } from "./history.ts";
import { repsAtTop } from "./moment.ts";
import type { Plateau } from "./plateau.ts";

/** A suggestion, and what it rests on. */
export interface Advice {
  readonly kind: "raise" | "less_help" | "deload" | "variation" | "frequency" | "volume" | "more_help" | "keep" | "start";
  readonly text: string;
  readonly evidence: string;
  /** The evidence, sentence by sentence. */
  readonly evidenceCodes: readonly Sentence[];
}

/** The same before its evidence is in words. */
type Found = Pick<Advice, "kind" | "text"> & { readonly evidence: readonly Sentence[] };

const dayMs = 86_400_000;
const goalReps: Readonly<Record<NonNullable<Trainee["goals"]>, readonly [number, number]>> = {
  strength: [3, 6],
  hypertrophy: [6, 12],
  endurance: [12, 20],
  weight_loss: [10, 15],
};

const rangeAdvice = {
  raise: { kind: "raise", text: "The load allows more repetitions than the goal asks for: raise it by a step." },
  less_help: { kind: "less_help", text: "The help allows more repetitions than the goal asks for: take a step less." },
  volume: { kind: "volume", text: "A lighter load would bring the repetitions into the goal's range." },
  more_help: { kind: "more_help", text: "A step more help would bring the repetitions into the goal's range." },
} as const;

/** Suggestions for an exercise, each with its evidence: what the log shows, not what must follow. */
export function adviceOf(history: History, exercise: string, plateau: Plateau, goals?: Trainee["goals"]): Advice[] {
  const found = foundFor(history, exercise, plateau, goals);
  return found.map(({ evidence, ...advice }) => ({ ...advice, evidence: wordsOf(evidence), evidenceCodes: evidence }));
}

function foundFor(history: History, exercise: string, plateau: Plateau, goals: Trainee["goals"]): Found[] {
  const own = (history.exercises.get(exercise) ?? []).filter(({ top }) => top > 0);
  const last = own.at(-1);
  if (!last)
    return [
      {
        kind: "start",
        text: "Begin with a load that leaves three repetitions in reserve, and note repetitions and effort.",
        evidence: [say("load_none")],
      },
    ];
  const advice: Found[] = [];
  const isHelp = isAssisted(own);
  if (plateau.status === "plateau" || plateau.status === "falling") {
    const { slope, low, high, pValue, sessions } = plateau;
    const evidence = [say("strength_changed", 100 * slope, 100 * low, 100 * high, pValue, sessions, last.day)];
    if (!isHelp)
      advice.push({
        kind: "deload",
        text: "A week at about 90 % of the load may help to recover; it is worth a try, not a must.",
        evidence,
      });
    advice.push({
      kind: "variation",
      text: "Another repetition range or a close variation for some weeks may be worth a try.",
      evidence,
    });
  }
  const reps = repsAtTop(last);
  const [low, high] = goalReps[goals ?? "hypertrophy"];
  const evidence = [
    say(isHelp ? "reps_last_helped" : "reps_last", reps, last.top, history.unit),
    say(`reps_${goals ?? "assumed"}`, low, high),
  ];
  if (reps > high) advice.push({ ...(isHelp ? rangeAdvice.less_help : rangeAdvice.raise), evidence });
  else if (reps < low) advice.push({ ...(isHelp ? rangeAdvice.more_help : rangeAdvice.volume), evidence });
  const gaps = own.slice(1).map(({ time }, k) => (time - own[k]!.time) / dayMs);
  const usual = gaps.slice(-8).sort((a, b) => a - b)[Math.floor(Math.min(8, gaps.length) / 2)];
  if (usual !== undefined && usual > 10)
    advice.push({
      kind: "frequency",
      text: "Once a week or more often usually brings more.",
      evidence: [say("gap_usual", Math.round(usual), Math.min(8, gaps.length))],
    });
  if (advice.length === 0)
    advice.push({
      kind: "keep",
      text: "Go on as before.",
      evidence: [
        plateau.status === "too_short" ? say("trend_short", plateau.sessions) : say("strength_changes", 100 * plateau.slope),
      ],
    });
  return advice;
}
