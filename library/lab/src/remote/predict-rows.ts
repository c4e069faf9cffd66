import type { Prediction } from "../contract/models.ts";
import type { InputRow } from "../registry/index.ts";
import { once } from "./once.ts";
import type { Service } from "./service.ts";

/** Predicts rows by a version, or by the version that an A/B test chooses. */
export async function predictRows(
  { client }: Service,
  by: { readonly model_id: string } | { readonly ab_test_name: string },
  rows: InputRow | readonly InputRow[],
  userId: string | undefined,
): Promise<Omit<Prediction, "status">> {
  const features = Array.isArray(rows) ? rows.map(withoutUndefined) : withoutUndefined(rows as InputRow);
  const { status: _, ...prediction } = await client.predictions.predict({ ...by, features, user_id: userId }, once());
  return prediction;
}

function withoutUndefined(row: InputRow) {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Record<string, never>;
}
