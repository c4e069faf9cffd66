import { spellingOf } from "../../contract/workout-rule.ts";
import type { ExerciseAlias } from "./sets.ts";

/** Names as a log writes them, each with the name that it shall have. */
export type AliasTable = Readonly<Record<string, string>>;

/**
 * One name for each exercise: that of the caller's table (its names are compared without regard to spelling), else the most frequent of those that
 * differ in case, spaces and punctuation only. Different words are never brought together: the rows are there to be reviewed.
 */
export function aliasesOf(written: readonly string[], table: AliasTable = {}): ReadonlyMap<string, ExerciseAlias> {
  const counts = new Map<string, number>();
  for (const name of written) counts.set(name, (counts.get(name) ?? 0) + 1);
  const wanted = new Map(Object.entries(table).map(([from, to]) => [spellingOf(from), to.trim()]));
  const frequent = new Map<string, string>();
  for (const [name, sets] of counts) {
    const spelling = spellingOf(name);
    const best = frequent.get(spelling);
    if (best === undefined || sets > counts.get(best)!) frequent.set(spelling, name);
  }
  return new Map(
    [...counts].map(([name, sets]) => {
      const spelling = spellingOf(name);
      const fromTable = wanted.get(spelling);
      const exercise = fromTable ?? frequent.get(spelling)!;
      const by = fromTable !== undefined ? "table" : exercise === name ? "same" : "spelling";
      return [name, { written: name, exercise, sets, by }] as const;
    }),
  );
}
