import type { ParamsSchema } from "../routes";

/** Names under which algorithms have their rounds without gain; those of the second list say by themselves that they stop early. */
const waits = ["patience", "n_iter_no_change"];
const rounds = ["early_stopping_round", "early_stopping_rounds"];

/** Whether an algorithm can end when it gains no more, as its hyperparameters tell. */
export function stopsEarly(schema: ParamsSchema | null): boolean {
  const has = (name: string) => schema !== null && Object.hasOwn(schema.properties, name);
  return rounds.some(has) || (has("early_stopping") && waits.some(has));
}
