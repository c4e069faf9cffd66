import { DataError } from "../../base/errors.ts";
import { suggest } from "../../base/near-name.ts";
import type { ForeignObjective } from "./foreign-model.ts";

type Known = Pick<ForeignObjective, "task" | "link">;

const plain: Known = { task: "regression", link: "identity" };
const ranking: Known = { task: "ranking", link: "identity" };
const positive: Known = { task: "regression", link: "exp" };
const share: Known = { task: "regression", link: "sigmoid" };
const classes: Known = { task: "classification", link: "softmax" };
const classifier: Known = { task: "classification", link: "sigmoid" };

/** LightGBM's objectives by the names that its files have, older ones among them. */
const objectives: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["regression", plain],
  ["regression_l1", plain],
  ["huber", plain],
  ["fair", plain],
  ["quantile", plain],
  ["mape", plain],
  ["none", plain],
  ["custom", plain],
  ["poisson", positive],
  ["gamma", positive],
  ["tweedie", positive],
  ["binary", classifier],
  ["multiclass", classes],
  ["multiclassova", { task: "classification", link: "sigmoid_each" }],
  ["cross_entropy", share],
  ["xentropy", share],
  ["cross_entropy_lambda", { task: "regression", link: "log1p_exp" }],
  ["xentlambda", { task: "regression", link: "log1p_exp" }],
  ["lambdarank", ranking],
  ["rank_xendcg", ranking],
]);

/** The objective of a file's line, as `binary sigmoid:1`; a file without one predicts plain sums. Throws DataError. */
export function lightgbmObjective(who: string, text: string): ForeignObjective {
  const [name = "custom", ...words] = text.trim() === "" ? [] : text.trim().split(/\s+/);
  const known = objectives.get(name);
  if (!known)
    throw new DataError(
      `${who}: objective must be one of LightGBM, got ${JSON.stringify(name.slice(0, 60))}${suggest(name, [...objectives.keys()])}`,
    );
  const written = words.find((word) => word.startsWith("sigmoid:"))?.slice("sigmoid:".length);
  const scale = written === undefined ? 1 : Number(written);
  if (!(scale > 0 && scale < Infinity)) throw new DataError(`${who}: sigmoid of the objective must be above 0, got ${written}`);
  const link = known === plain && words.includes("sqrt") ? "signed_square" : known.link;
  return { name, task: known.task, link, scale };
}
