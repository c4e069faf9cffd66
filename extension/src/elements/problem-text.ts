import type { TranslationBundle } from "@jupyterlab/translation";

/** What a check of a file found of one cell, or of all cells that broke one rule. */
export interface FoundProblem {
  rule: string;
  column: string | null;
  /** The service's own sentence. */
  message: string;
}

/** A problem in the reader's language, where its rule says all of it; else the service's sentence, which holds the bound or the words that are known. */
export function problemText(trans: TranslationBundle, { rule, column, message }: FoundProblem): string {
  const ofColumn: Readonly<Record<string, string>> =
    column === null
      ? {}
      : {
          missing: trans.__("%1 is missing", column),
          number: trans.__("%1 must be a number", column),
          future: trans.__("%1 must not lie in the future", column),
          unit: trans.__("%1 must be kg or lbs", column),
        };
  const ofLine: Readonly<Record<string, string>> = {
    quote: trans.__("a quote does not close; it was taken to end with its line"),
    duplicate: trans.__("the same set of the same session stands there before"),
    effort: trans.__("taken as the session's effort, not as an exercise"),
    empty_set: trans.__("a set of no repetitions, time or distance"),
    not_a_set: trans.__("the row is no set"),
  };
  return ofColumn[rule] ?? ofLine[rule] ?? message;
}
