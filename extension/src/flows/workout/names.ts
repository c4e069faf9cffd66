import type { TranslationBundle } from "@jupyterlab/translation";

/** What moves a forecast, in the reader's language; a name that is new to this page as the service says it. */
export function factorWord(trans: TranslationBundle, name: string, title: string): string {
  const words: Readonly<Record<string, string>> = {
    usual: trans.__("what usually follows"),
    loads: trans.__("the loads so far"),
    strength: trans.__("strength and repetitions"),
    volume: trans.__("volume of the last session"),
    steps: trans.__("how the load usually moves"),
    calendar: trans.__("time since, habit and season"),
    fatigue: trans.__("load of all training lately"),
    effort: trans.__("effort of the last sessions"),
    bounds: trans.__("safety bounds"),
    plates: trans.__("rounding to plates"),
  };
  return words[name] ?? title;
}

/** A member of the ensemble, or a simple forecast that it is compared with. */
export function forecastWord(trans: TranslationBundle, name: string): string {
  const words: Readonly<Record<string, string>> = {
    forest: trans.__("random forest"),
    boosting: trans.__("gradient boosting"),
    two_stage: trans.__("histogram boosting in two stages"),
    ridge: trans.__("ridge regression"),
    neighbors: trans.__("nearest neighbours"),
    network: trans.__("neural network"),
    last: trans.__("the same as last time"),
    median_3: trans.__("median of the last three"),
    weighted: trans.__("weighted mean"),
    trend: trans.__("trend of the last five"),
    epley: trans.__("strength by Epley at the usual repetitions"),
    brzycki: trans.__("strength by Brzycki at the usual repetitions"),
  };
  return words[name] ?? name;
}

/** A suggestion by its kind; one that is new to this page as the service says it. */
export function adviceWord(trans: TranslationBundle, kind: string, text: string): string {
  const words: Readonly<Record<string, string>> = {
    start: trans.__("Begin with a load that leaves three repetitions in reserve, and note repetitions and effort."),
    deload: trans.__("A week at about 90 % of the load may help to recover; it is worth a try, not a must."),
    variation: trans.__("Another repetition range or a close variation for some weeks may be worth a try."),
    raise: trans.__("The load allows more repetitions than the goal asks for: raise it by a step."),
    less_help: trans.__("The help allows more repetitions than the goal asks for: take a step less."),
    volume: trans.__("A lighter load would bring the repetitions into the goal's range."),
    more_help: trans.__("A step more help would bring the repetitions into the goal's range."),
    frequency: trans.__("Once a week or more often usually brings more."),
    keep: trans.__("Go on as before."),
  };
  return words[kind] ?? text;
}

/** Whether an exercise stands still, in a word. */
export function plateauWord(trans: TranslationBundle, status: string): string {
  const words: Readonly<Record<string, string>> = {
    plateau: trans.__("stands still"),
    rising: trans.__("rises"),
    falling: trans.__("falls"),
    unclear: trans.__("no clear trend"),
    too_short: trans.__("too short to tell"),
  };
  return words[status] ?? status;
}
