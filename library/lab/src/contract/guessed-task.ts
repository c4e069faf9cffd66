import type { DatasetColumn } from "./datasets.ts";
import type { TaskType } from "./values.ts";

/**
 * What a target asks for where nobody said it: text, categories, booleans and numbers of which there are only 0 and 1 are classes, other
 * numbers are learnt as numbers. As `ml.guessTask`, from what a dataset knows of its columns; classification where there is no target.
 */
export function guessedTask(target: Pick<DatasetColumn, "kind" | "distinct" | "min" | "max"> | undefined): TaskType {
  if (target?.kind === "number" && target.distinct === 2 && target.min === 0 && target.max === 1) return "classification";
  return target?.kind === "number" || target?.kind === "datetime" ? "regression" : "classification";
}
