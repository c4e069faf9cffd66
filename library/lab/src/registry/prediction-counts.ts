import type { Prediction } from "../contract/models.ts";

/** Answers of this process since it began, by what answered: `emergency` says that neither the version nor its fallback could. */
type PredictionCounts = Readonly<Record<Prediction["source"], number>>;

const counts: Record<Prediction["source"], number> = { advanced: 0, basic: 0, emergency: 0 };

/** Counts one answer. */
export function countPrediction(source: Prediction["source"]): void {
  counts[source]++;
}

/** The counts now. */
export function predictionCounts(): PredictionCounts {
  return { ...counts };
}
