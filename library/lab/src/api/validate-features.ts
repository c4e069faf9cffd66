import { capabilities, suggest } from "assay";
import type { z } from "zod";
import { guessedTask } from "../contract/guessed-task.ts";
import type { Validation, validateRequest } from "../contract/training.ts";
import { datasetVersion } from "../datasets/index.ts";
import type { Session } from "../projects/session.ts";

/** What stands against a training with these columns, each with its remedy; errors would end it, warnings would not. */
export async function validateFeatures(
  session: Session,
  body: z.infer<typeof validateRequest>,
): Promise<Omit<Validation, "status">> {
  const { columns, rows } = await datasetVersion(session, body.dataset_id);
  const names = columns.map(({ name }) => name);
  const problems: Validation["problems"] = [];
  const error = (column: string | null, problem: string, remedy: string) =>
    problems.push({ column, severity: "error" as const, problem, remedy });
  const warn = (column: string, problem: string, remedy: string) =>
    problems.push({ column, severity: "warning" as const, problem, remedy });
  const target = columns.find(({ name }) => name === body.target_column);
  const task = body.task_type ?? guessedTask(target);
  if (!target)
    error(body.target_column, `is not in the dataset${suggest(body.target_column, names)}`, "choose a column of the dataset");
  else {
    if (target.distinct < 2) error(target.name, "has one value only", "choose a target that varies");
    if (target.missing > 0) warn(target.name, `is missing in ${target.missing} rows`, "these rows are left out of the training");
    if (task === "regression" && target.kind !== "number")
      error(target.name, `holds ${target.kind}`, "train a classification, or choose a column of numbers");
    if (task === "classification" && target.kind === "number" && target.distinct > 50)
      warn(target.name, `has ${target.distinct} different numbers`, "train a regression");
  }
  if (rows < 10) warn(body.target_column, `the dataset has ${rows} rows`, "scores of so few rows say little");
  const { missing: bearsMissing, categories: bearsCategories } = capabilities(body.algorithm, task);
  const features = body.feature_columns ?? names.filter((name) => name !== body.target_column);
  if (features.length === 0) error(null, "no features are chosen", "choose one column at least");
  for (const name of features) {
    const column = columns.find((each) => each.name === name);
    if (!column) error(name, `is not in the dataset${suggest(name, names)}`, "choose a column of the dataset");
    else if (name === body.target_column) error(name, "is the target", "take it out of the features");
    else {
      if (column.missing === rows) error(name, "has no value at all", "take it out of the features");
      else if (column.missing > 0 && !bearsMissing)
        warn(name, `is missing in ${column.missing} rows`, "the median, or the most frequent level, is put in");
      if (column.distinct <= 1 && column.missing < rows)
        warn(name, "has one value only", "take it out of the features: it teaches nothing");
      if (column.kind === "text")
        warn(name, `holds text, ${column.distinct} different values`, "take it out of the features, or make a category of it");
      else if (column.kind === "category" && column.distinct > 50 && !bearsCategories)
        warn(name, `has ${column.distinct} levels`, "each becomes a column; take it out, or join rare levels");
    }
  }
  return { valid: !problems.some(({ severity }) => severity === "error"), task_type: task, problems };
}
