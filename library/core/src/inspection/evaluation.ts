import type { Importance, Label } from "../base/contract.ts";
import type { MetricInterval } from "../metrics/bootstrap-interval.ts";
import type { CalibrationCurve } from "../metrics/calibration.ts";
import type { ConfusionMatrix } from "../metrics/confusion.ts";
import type { ClassScores } from "../metrics/precision-recall.ts";
import type { PrecisionRecallCurve, RocCurve } from "../metrics/ranking-curves.ts";
import type { Figure } from "../plots/figure.ts";
import type { ErrorSlices } from "./error-slices.ts";
import type { PermutationImportance } from "./permutation-importance.ts";
import type { ThresholdPoint } from "./threshold-points.ts";
import type { WorstPrediction } from "./worst-predictions.ts";

/** A figure with its name and title. */
export interface NamedFigure {
  readonly name: FigureName;
  readonly title: string;
  readonly figure: Figure;
}

/** Figures of an evaluation by name. */
export type FigureName =
  | "confusion"
  | "roc"
  | "precision_recall"
  | "calibration"
  | "scores"
  | "threshold"
  | "residuals"
  | "predicted"
  | "residual_quantiles"
  | "importance"
  | "permutation"
  | "tree";

/** Scores of one class in its report. */
export interface ClassReport extends ClassScores {
  readonly label: Label;
  /** Area under its ROC curve against all other classes; null without probabilities, or where it or the others have no row. */
  readonly rocAuc: number | null;
  readonly averagePrecision: number | null;
}

/** Curves of one class against all others, thinned to at most 200 points. */
export interface ClassCurves {
  readonly label: Label;
  /** Share of the class among the rows. */
  readonly prevalence: number;
  readonly roc: RocCurve;
  readonly rocAuc: number;
  readonly precisionRecall: PrecisionRecallCurve;
  readonly averagePrecision: number;
}

/** Scores of the rows of one kind: evenly taken from the sorted ones, at most 500. */
export interface ScoreSample {
  readonly name: string;
  readonly rows: number;
  readonly scores: readonly number[];
}

/** What the thresholds of two classes' probability would give. */
export interface ThresholdTable {
  readonly positive: Label;
  /** At 0.1, 0.2, … 0.9. */
  readonly points: readonly ThresholdPoint[];
  /** Where F1 is greatest, and where Youden's J is: on these rows, so too good for a threshold that was chosen on them. */
  readonly best: { readonly f1: ThresholdPoint; readonly youden: ThresholdPoint };
  /** At most 200 points. */
  readonly curve: {
    readonly thresholds: readonly number[];
    readonly precision: readonly number[];
    readonly recall: readonly number[];
    readonly f1: readonly number[];
  };
}

/** Classes that a model takes for each other. */
export interface Confusion {
  readonly true: Label;
  readonly predicted: Label;
  /** Rows (weights). */
  readonly count: number;
  /** Of the rows of the true class. */
  readonly share: number;
}

/** What is left of the numbers when the predictions are taken off: true − predicted. */
export interface ResidualSummary {
  /** Mean: above 0 the model says too little. */
  readonly bias: number;
  readonly sd: number;
  readonly quantiles: Readonly<Record<"q05" | "q25" | "q50" | "q75" | "q95", number>>;
  /** Whether errors grow or shrink with the prediction: Breusch & Pagan's test in Koenker's form; null for fewer than 10 rows. */
  readonly spread: {
    readonly pValue: number;
    /** Rank correlation of the errors' size with the prediction. */
    readonly correlation: number;
    /** What that means: steady, growing, shrinking. */
    readonly verdict: "steady" | "growing" | "shrinking";
  } | null;
  /** At most 1,000 rows, evenly taken. */
  readonly points: { readonly predicted: readonly number[]; readonly truth: readonly number[] };
}

/** How single queries of a ranking did. */
export interface QuerySummary {
  readonly queries: number;
  readonly quantiles: Readonly<Record<"q05" | "q25" | "q50" | "q75" | "q95", number>>;
  /** Queries of lowest nDCG, at most 10. */
  readonly worst: readonly { readonly firstRow: number; readonly rows: number; readonly ndcg: number }[];
}

/** How a model did on rows: plain data, drawn in a notebook and in the panels. */
export interface Evaluation {
  readonly task: "classification" | "regression" | "ranking";
  readonly target: string;
  readonly rows: number;
  /** Whether rows have weights: then counts are sums of them. */
  readonly weighted: boolean;
  readonly metrics: Readonly<Record<string, number>>;
  /** Confidence intervals of the metrics by name, where they were asked for. */
  readonly intervals: Readonly<Record<string, MetricInterval>> | null;
  /** Precision, recall, F1 and rows of each class. */
  readonly classes: readonly ClassReport[];
  readonly averages: { readonly macro: ClassScores; readonly weighted: ClassScores } | null;
  /** Of at most 100 classes; of more see `confused`. */
  readonly confusion: ConfusionMatrix | null;
  /** The same as shares of the true class. */
  readonly confusionShares: ConfusionMatrix | null;
  /** The pairs of classes that are mistaken most, at most 20. */
  readonly confused: readonly Confusion[];
  /** Curves of the class (of two the second), or of the 12 classes of most rows. */
  readonly curves: readonly ClassCurves[];
  /** How well probabilities are met: of two classes the second's, of more that of the predicted class. */
  readonly calibration: CalibrationCurve | null;
  readonly scores: readonly ScoreSample[];
  readonly thresholds: ThresholdTable | null;
  readonly residuals: ResidualSummary | null;
  readonly queries: QuerySummary | null;
  /** The 10 rows of greatest loss. */
  readonly worst: readonly WorstPrediction[];
  /** The model's own, by the columns of its input where a pipeline made several of one. */
  readonly importances: readonly Importance[] | null;
  readonly permutation: PermutationImportance | null;
  readonly slices: ErrorSlices | null;
  /** The first questions of a decision tree, as they are drawn; null for other models. */
  readonly tree: Figure | null;
  /** What was left out, and why. */
  readonly notes: readonly string[];
  /** Drawn when they are first looked at. */
  readonly figures: readonly NamedFigure[];
}

/** What the evaluation of one task tells, beside what all do. */
export type TaskEvaluation = Pick<
  Evaluation,
  | "classes"
  | "averages"
  | "confusion"
  | "confusionShares"
  | "confused"
  | "curves"
  | "calibration"
  | "scores"
  | "thresholds"
  | "residuals"
  | "queries"
  | "notes"
>;

/** An evaluation that tells nothing yet of its task. */
export const blank: TaskEvaluation = {
  classes: [],
  averages: null,
  confusion: null,
  confusionShares: null,
  confused: [],
  curves: [],
  calibration: null,
  scores: [],
  thresholds: null,
  residuals: null,
  queries: null,
  notes: [],
};
