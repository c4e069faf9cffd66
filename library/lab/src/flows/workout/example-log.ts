import { type Random, random } from "assay";

/** How much, and from which seed. */
export interface ExampleLogOptions {
  /** Weeks; default 60. */
  readonly weeks?: number;
  /** Default 42. */
  readonly seed?: number;
  /** Sets of exercises of their own for so many lifters in one log; default 1. */
  readonly lifters?: number;
}

interface Lift {
  readonly name: string;
  /** Pounds. */
  readonly start: number;
  readonly step: number;
  readonly reps: number;
  readonly template: string;
}

const lifts: readonly Lift[] = [
  { name: "Bench Press (Barbell)", start: 135, step: 5, reps: 8, template: "Push" },
  { name: "Overhead Press (Barbell)", start: 80, step: 5, reps: 8, template: "Push" },
  { name: "Lateral Raise (Dumbbell)", start: 15, step: 2.5, reps: 12, template: "Push" },
  { name: "Triceps Pushdown (Cable - Straight Bar)", start: 50, step: 5, reps: 12, template: "Push" },
  { name: "Deadlift (Barbell)", start: 205, step: 10, reps: 5, template: "Pull" },
  { name: "Bent Over Row (Barbell)", start: 115, step: 5, reps: 8, template: "Pull" },
  { name: "Pull Up (Assisted)", start: 70, step: 5, reps: 8, template: "Pull" },
  { name: "Bicep Curl (Dumbbell)", start: 25, step: 5, reps: 10, template: "Pull" },
  { name: "Squat (Barbell)", start: 165, step: 5, reps: 6, template: "Legs" },
  { name: "Leg Press", start: 270, step: 10, reps: 10, template: "Legs" },
  { name: "Seated Leg Curl (Machine)", start: 56.25, step: 12.5, reps: 12, template: "Legs" },
];
const templates = ["Push", "Pull", "Legs"];
const header =
  "Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;Notes;Workout Notes";
const dayMs = 86_400_000;
const begin = Date.UTC(2024, 0, 8);

/**
 * A made-up training log as Strong exports it, with what real ones have: pounds and some kilograms, sets without weight, timed ones, two sessions on a
 * day, sets that stand there twice, a row of no repetitions, 877,777 repetitions, 149.99999999999997 for 150, a name in another spelling, an
 * "Intensity" that is no exercise, dates out of order, a misquoted note. Nobody ever lifted it. The shipped
 * `workouts.csv` is this text. Several lifters, or fewer than 25 sessions, come without the quirks.
 */
export function exampleLog({ weeks = 60, seed = 42, lifters = 1 }: ExampleLogOptions = {}): string {
  const sessions: string[][] = [];
  for (let lifter = 0; lifter < lifters; lifter++) {
    const draw = random(seed, `workout-example/${lifter}`);
    const mark = lifters > 1 ? ` ${lifter + 1}` : "";
    const states = lifts.map((lift) => new Lifting(draw, lift));
    let at = begin + 18 * 3_600_000;
    for (let k = 0; at < begin + weeks * 7 * dayMs; k++) {
      const template = templates[k % templates.length]!;
      sessions.push(sessionRows(draw, at, template, mark, states));
      at += (2 + draw.int(2) + (draw.float() < 0.04 ? 9 : 0)) * dayMs + (draw.int(180) - 90) * 60_000;
    }
  }
  return `${[header, ...(lifters > 1 || sessions.length < 25 ? sessions : withQuirks(sessions)).flat()].join("\n")}\n`;
}

/** How one lift goes: strength rises ever slower, good days and bad, and a load that follows it in steps. */
class Lifting {
  readonly lift: Lift;
  load: number;
  #strength = 1;
  readonly #gain: number;

  constructor(draw: Random, lift: Lift) {
    this.lift = lift;
    this.load = lift.start;
    this.#gain = 0.004 + 0.008 * draw.float();
  }

  /** The session's top load and the repetitions done with it. */
  next(draw: Random): { readonly load: number; readonly reps: number } {
    const { start, step, reps, name } = this.lift;
    const sign = /assisted/i.test(name) ? -1 : 1;
    this.#strength += (this.#gain * Math.exp(0.5 * draw.normal())) / this.#strength / this.#strength;
    const able = reps + ((this.#strength * start) / this.load - 1) * 30 * sign + 1.2 * draw.normal();
    const done = Math.max(1, Math.round(sign > 0 ? able : reps + 1.2 * draw.normal() + (this.#strength - 1) * 4));
    const load = this.load;
    if (done >= reps + 1) this.load = Math.max(step, load + sign * step);
    else if (done <= reps - 4 || draw.float() < 0.03) this.load = Math.max(step, load - sign * step * (1 + draw.int(2)));
    return { load, reps: done };
  }
}

function sessionRows(draw: Random, at: number, template: string, mark: string, states: readonly Lifting[]): string[] {
  const time = new Date(Math.round(at / 1000) * 1000).toISOString().slice(0, 19).replace("T", " ");
  return states
    .filter(({ lift }) => lift.template === template && draw.float() > 0.06)
    .flatMap((state) => {
      const { load, reps } = state.next(draw);
      const name = state.lift.name + mark;
      const sets = 3 + draw.int(2);
      return Array.from({ length: sets }, (_, k) =>
        row(time, template, name, k + 1, k === sets - 1 && draw.float() < 0.3 ? load * 0.9 : load, reps - (k > 1 ? 1 : 0)),
      );
    });
}

function row(time: string, template: string, name: string, order: number, load: number, reps: number): string {
  return `${time};"${template}";"${name}";${order};${Number(load.toFixed(2))};lbs;${Math.max(1, reps)};;;;0;;`;
}

/** What real exports have, each at a place of its own. */
function withQuirks(sessions: readonly string[][]): string[][] {
  const changed = sessions.map((rows) => [...rows]);
  const edit = (session: number, from: RegExp | string, to: string): void => {
    changed[session]![0] = changed[session]![0]!.replace(from, to);
  };
  const begins = (session: number): string => changed[session]![0]!.split(";").slice(0, 2).join(";");
  edit(5, /;lbs;\d+;/, ";lbs;0;");
  edit(7, /;lbs;\d+;/, ";lbs;877777;");
  changed[8]!.push(`${begins(8)};"Chin Up";1;0;;8;;;;0;;`, `${begins(8)};"Plank";1;0;;0;;;;60;;`);
  edit(9, /"([A-Z])([^"(]+)\(Barbell\)"/, '"$1$2(barbell)"');
  changed[11]!.push(`${begins(11)};"Intensity";1;0;;7;;;;0;;`);
  edit(12, /;[\d.]+;lbs;/, ";149.99999999999997;lbs;");
  edit(14, /;0;;$/, ';0;"said "light"; was not";');
  edit(16, /;[\d.]+;lbs;/, ";61.235;kg;");
  const twice = changed[18]!;
  const second = changed[20]!.map((line) =>
    line.replace(/ \d\d:(\d\d:\d\d)/, " 08:$1").replace(/^\S+/, begins(21).split(" ")[0]!),
  );
  return [...changed.slice(0, 20), twice, ...changed.slice(21, 24), second, changed[20]!, ...changed.slice(24)];
}
