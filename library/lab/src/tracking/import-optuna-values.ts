import { type AddedTrial, DataError, type Distribution, type ParamValue } from "assay";

/** Words of Optuna's states, and their numbers in journals. */
const states = ["RUNNING", "COMPLETE", "PRUNED", "FAIL", "WAITING"] as const;
/** Where a trial of Optuna's is. */
export type OptunaState = (typeof states)[number];

/** A trial as Optuna keeps it, in a journal or in tables. */
export interface OptunaTrial {
  readonly number: number;
  readonly state: OptunaState;
  /** By objective; null where there are none. */
  readonly values: readonly number[] | null;
  /** Inner value and distribution by parameter. */
  readonly params: ReadonlyMap<string, { readonly value: number; readonly distribution: string }>;
  readonly intermediate: ReadonlyMap<number, number>;
  readonly userAttributes: Readonly<Record<string, unknown>>;
  readonly systemAttributes: Readonly<Record<string, unknown>>;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}

/** A state by its word or number. Throws DataError. */
export function optunaState(given: unknown, place: string): OptunaState {
  const state = typeof given === "number" ? states[given] : states.find((word) => word === given);
  if (state) return state;
  throw new DataError(`importOptuna: state must be one of ${states.join(", ")}, got ${JSON.stringify(given)} (${place})`);
}

/** A direction by its word or number. Throws DataError. */
export function optunaDirection(given: unknown, place: string): "minimize" | "maximize" {
  if (given === 1 || given === "MINIMIZE") return "minimize";
  if (given === 2 || given === "MAXIMIZE") return "maximize";
  if (given === 0 || given === "NOT_SET") return "minimize"; // a study that never ran
  throw new DataError(`importOptuna: direction must be MINIMIZE or MAXIMIZE, got ${JSON.stringify(given)} (${place})`);
}

/** A number that Python wrote into JSON, where NaN and ±Infinity were read as text. Throws DataError. */
export function optunaNumber(given: unknown, what: string, place: string): number {
  if (typeof given === "number") return given;
  if (given === "NaN" || given === "Infinity" || given === "-Infinity") return Number(given);
  throw new DataError(`importOptuna: ${what} must be a number, got ${JSON.stringify(given)?.slice(0, 80)} (${place})`);
}

/** JSON as Python writes it: NaN and ±Infinity, which JSON has no word for, become text. Throws SyntaxError. */
export function pythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    return JSON.parse(
      text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (part) => (part.startsWith('"') ? part : `"${part}"`)),
    );
  }
}

/** A distribution of any release of Optuna, and the values that stand for its inner ones. Throws DataError. */
export function optunaDistribution(
  json: string,
  place: string,
): { readonly distribution: Distribution; readonly outer: (inner: number) => ParamValue } {
  const wrong = (why: string, cause?: unknown): DataError =>
    new DataError(`importOptuna: distribution ${why}, got ${json.slice(0, 120)} (${place})`, { cause });
  let parsed: { name?: unknown; attributes?: Record<string, unknown> };
  try {
    parsed = pythonJson(json) as typeof parsed;
  } catch (cause) {
    throw wrong("must be JSON", cause);
  }
  const { name, attributes } = parsed ?? {};
  if (typeof attributes !== "object" || attributes === null) throw wrong("must have name and attributes");
  if (name === "CategoricalDistribution") {
    if (!Array.isArray(attributes["choices"])) throw wrong("must have choices");
    const choices = attributes["choices"].map(plainChoice);
    return {
      distribution: { type: "categorical", choices },
      outer: (inner) => {
        if (!(inner in choices)) throw wrong(`must have a choice ${inner}`);
        return choices[inner]!;
      },
    };
  }
  const [low, high] = ["low", "high"].map((bound) => attributes[bound]);
  if (typeof low !== "number" || typeof high !== "number") throw wrong("must have low and high");
  const step = attributes["step"] ?? attributes["q"];
  const stepped = typeof step === "number" && { step };
  const log = (attributes["log"] === true || String(name).includes("Log")) && { log: true };
  switch (name) {
    case "FloatDistribution":
    case "UniformDistribution":
    case "LogUniformDistribution":
    case "DiscreteUniformDistribution":
      return { distribution: { type: "float", low, high, ...log, ...stepped }, outer: (inner) => inner };
    case "IntDistribution":
    case "IntUniformDistribution":
    case "IntLogUniformDistribution":
      return { distribution: { type: "int", low, high, ...log, ...stepped }, outer: Math.round };
    default:
      throw wrong(`must be a float, int or categorical one, not ${JSON.stringify(name)}`);
  }
}

function plainChoice(choice: unknown): ParamValue {
  return typeof choice === "object" && choice !== null ? JSON.stringify(choice) : (choice as ParamValue);
}

/** A trial of Optuna's as ours. One that was running is failed: nobody here will end it. Throws DataError. */
export function addedTrial(trial: OptunaTrial, objectives: number, place: string): AddedTrial {
  const params: Record<string, ParamValue> = {};
  const distributions: Record<string, Distribution> = {};
  for (const [name, { value, distribution }] of trial.params) {
    const read = optunaDistribution(distribution, `${place}, parameter ${name}`);
    const entries = [[params, read.outer(value)] as const, [distributions, read.distribution] as const];
    for (const [into, each] of entries)
      Object.defineProperty(into, name, { value: each, enumerable: true, writable: true, configurable: true });
  }
  const { state, values } = trial;
  if (state === "COMPLETE" && values?.length !== objectives)
    throw new DataError(`importOptuna: a completed trial must have ${objectives} values, got ${values?.length ?? 0} (${place})`);
  const fixed = trial.systemAttributes["fixed_params"];
  const attributes = {
    ...trial.userAttributes,
    ...(Object.keys(trial.systemAttributes).length > 0 && { optuna: trial.systemAttributes }),
  };
  return {
    state: ({ COMPLETE: "completed", PRUNED: "pruned", FAIL: "failed", RUNNING: "failed", WAITING: "waiting" } as const)[state],
    params,
    distributions,
    values: values && values.length === objectives ? values : null,
    intermediate: [...trial.intermediate].sort(([a], [b]) => a - b),
    attributes,
    error: state === "RUNNING" ? "was running in Optuna when it was imported" : state === "FAIL" ? "failed in Optuna" : null,
    startedAt: instant(trial.startedAt, place),
    endedAt: instant(trial.endedAt, place),
    ...(state === "WAITING" && typeof fixed === "object" && fixed !== null && { fixed: fixed as Record<string, ParamValue> }),
  };
}

/** An instant that Python wrote without a time zone: taken as UTC. */
function instant(text: string | null, place: string): Date | null {
  if (text === null) return null;
  const date = new Date(
    `${text
      .trim()
      .replace(" ", "T")
      .replace(/(\.\d{3})\d+/, "$1")
      .replace(/Z$|[+-]\d\d:\d\d$/, "")}Z`,
  );
  if (Number.isNaN(date.getTime()))
    throw new DataError(`importOptuna: a time must be ISO 8601, got ${JSON.stringify(text.slice(0, 60))} (${place})`);
  return date;
}
