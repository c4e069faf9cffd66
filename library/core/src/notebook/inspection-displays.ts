import { defineRenderer } from "../base/display.ts";
import type { ThresholdChoice } from "../inspection/choose-threshold.ts";
import type { PairComparison } from "../inspection/compare-on.ts";
import type { ErrorSlices } from "../inspection/error-slices.ts";
import type { Evaluation } from "../inspection/evaluation.ts";
import type { Explanation } from "../inspection/explain.ts";
import type { InteractionStrength } from "../inspection/interaction-strength.ts";
import type { PartialDependence } from "../inspection/partial-dependence.ts";
import type { PermutationImportance } from "../inspection/permutation-importance.ts";
import type { RowExplanation, ShapSummary } from "../inspection/shap-summary.ts";
import type { WorstPredictions } from "../inspection/worst-predictions.ts";
import { plotPermutationImportance } from "../plots/model-plots.ts";
import { lines, one } from "./bundles.ts";
import { dependenceBundle, interactionBundle } from "./dependence-display.ts";
import { pairBundle, slicesBundle, thresholdBundle, worstBundle } from "./error-displays.ts";
import { evaluationBundle } from "./evaluation-display.ts";
import { explanationBundle, rowBundle, summaryBundle } from "./explanation-display.ts";
import { digits } from "./html.ts";

/** Says how the values of the inspection room are shown. */
export function defineInspectionDisplays(): void {
  defineRenderer<Evaluation>("evaluation", evaluationBundle);
  defineRenderer<PermutationImportance>("permutation-importance", (value) =>
    one(plotPermutationImportance(value), permutationText(value)),
  );
  defineRenderer<PartialDependence>("partial-dependence", dependenceBundle);
  defineRenderer<InteractionStrength>("interaction-strength", interactionBundle);
  defineRenderer<Explanation>("explanation", explanationBundle);
  defineRenderer<ShapSummary>("shap-summary", summaryBundle);
  defineRenderer<RowExplanation>("row-explanation", rowBundle);
  defineRenderer<ThresholdChoice>("threshold-choice", thresholdBundle);
  defineRenderer<ErrorSlices>("error-slices", slicesBundle);
  defineRenderer<WorstPredictions>("worst-predictions", worstBundle);
  defineRenderer<PairComparison>("pair-comparison", pairBundle);
}

function permutationText({ metric, score, features }: PermutationImportance): string {
  return lines(
    `Permutation importance: loss of ${metric}, ${digits(score)} as it is`,
    features.slice(0, 30).map(({ feature, mean, sd }) => [feature, `${digits(mean)} ± ${digits(sd)}`]),
  );
}
