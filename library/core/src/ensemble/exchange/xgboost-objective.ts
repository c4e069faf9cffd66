import { DataError } from "../../base/errors.ts";
import { suggest } from "../../base/near-name.ts";
import type { ForeignObjective } from "./foreign-model.ts";

type Known = Pick<ForeignObjective, "task" | "link">;

const plain: Known = { task: "regression", link: "identity" };
const ranking: Known = { task: "ranking", link: "identity" };
const positive: Known = { task: "regression", link: "exp" };
const classes: Known = { task: "classification", link: "softmax" };

/** XGBoost's objectives, older names among them. */
const objectives: ReadonlyMap<string, Known> = new Map<string, Known>([
  ["reg:squarederror", plain],
  ["reg:linear", plain],
  ["reg:squaredlogerror", plain],
  ["reg:pseudohubererror", plain],
  ["reg:absoluteerror", plain],
  ["reg:quantileerror", plain],
  ["reg:expectileerror", plain],
  ["reg:logistic", { task: "regression", link: "sigmoid" }],
  ["reg:gamma", positive],
  ["reg:tweedie", positive],
  ["count:poisson", positive],
  ["survival:cox", positive],
  ["survival:aft", positive],
  ["binary:logistic", { task: "classification", link: "sigmoid" }],
  ["binary:logitraw", { task: "classification", link: "sigmoid" }],
  ["binary:hinge", { task: "classification", link: "sign" }],
  ["multi:softmax", classes],
  ["multi:softprob", classes],
  ["rank:pairwise", ranking],
  ["rank:ndcg", ranking],
  ["rank:map", ranking],
]);

/** The objective of this name. Throws DataError with the nearest one that is known. */
export function xgboostObjective(who: string, name: string): ForeignObjective {
  const known = objectives.get(name);
  if (known) return { name, ...known, scale: 1 };
  throw new DataError(
    `${who}: learner.objective.name must be an objective of XGBoost, got ${JSON.stringify(name.slice(0, 60))}${suggest(name, [...objectives.keys()])}`,
  );
}

/** Nearest to 0 and 1 that XGBoost lets the probability of a `base_score` come. */
const shareMin = Math.fround(1e-6);

/**
 * The sum that a `base_score` stands for: it is written as a prediction, but for `binary:logitraw`. In 32 bits as XGBoost has it.
 * Throws DataError for one that its objective cannot predict.
 */
export function marginOf(who: string, { name, link }: Pick<ForeignObjective, "name" | "link">, score: number): number {
  const refuse = (range: string): never => {
    throw new DataError(`${who}: learner.learner_model_param.base_score must be ${range} for ${name}, got ${score}`);
  };
  if (!Number.isFinite(score)) refuse("finite");
  if (name === "binary:logitraw") return score;
  if (link === "sigmoid") {
    if (!(score >= 0 && score <= 1)) refuse("from 0 to 1");
    const share = Math.min(Math.max(score, shareMin), Math.fround(1 - shareMin));
    return Math.fround(-Math.log(Math.fround(Math.fround(1 / share) - 1)));
  }
  if (link === "exp" && !(score >= 0)) refuse("0 or more");
  return link === "exp" ? Math.fround(Math.log(score)) : score;
}
