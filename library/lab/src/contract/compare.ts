import { z } from "zod";
import { metricSeries, run } from "./training.ts";
import { answer, id, metricValue } from "./values.ts";

/** Runs that a comparison takes at most. */
export const comparedMost = 500;

/** Body of POST /api/ml/experiments/compare: runs by id, or those that a filter finds. */
export const compareRequest = z
  .object({
    ids: z.array(id).min(2).max(comparedMost).optional(),
    filter: z.string().max(10_000).optional().describe("As that of the list of runs."),
    experiment: z.string().optional(),
    sort: z.string().optional().describe("As that of the list of runs; the first `limit` are compared."),
    limit: z.number().int().min(2).max(comparedMost).default(100),
    baseline: id.optional().describe("The run that the others are held against; default the first."),
    points: z.number().int().min(3).max(2000).default(300).describe("Points of each curve at most."),
    project_id: id.optional(),
  })
  .refine(({ ids, filter, experiment }) => ids ?? filter ?? experiment, {
    message: "needs ids, a filter or an experiment",
    path: ["ids"],
  })
  .meta({
    examples: [
      { ids: ["0190b1a2-0000-7000-8000-000000000001", "0190b1a2-0000-7000-8000-000000000002"] },
      { filter: "experiment = 'koi' and status = 'completed'", sort: "-metrics.test.accuracy", limit: 20 },
    ],
  });
export type CompareRequest = z.input<typeof compareRequest>;

/** One fact of the runs, side by side; null where a run has none. */
export const comparedParam = z.object({
  name: z.string().describe("Nested ones by path, as `preprocessing.imputer.strategy`."),
  group: z.enum(["run", "data", "hyperparameters", "preprocessing", "environment"]),
  values: z.array(z.unknown()),
  differs: z.boolean(),
});

/** A metric over the folds of a cross-validation. */
export const foldSpread = z.object({ mean: z.number(), sd: z.number(), folds: z.array(metricValue) });

/** Whether a run differs from the baseline by more than chance. */
export const significance = z.object({
  p: z.number().nullable().describe("Of the corrected resampled t-test on the same folds (Nadeau & Bengio, 2003)."),
  reason: z.string().nullable().describe("Why there is no test."),
});

/** One metric of the runs, side by side. */
export const comparedMetric = z.object({
  name: z.string().describe('"split.name".'),
  values: z.array(metricValue.nullable()),
  differs: z.boolean(),
  greater_is_better: z.boolean().nullable().describe("null where it is not known."),
  best: z.number().int().nullable().describe("Place of the best run."),
  deltas: z.array(z.number().nullable()).describe("Value less the baseline's."),
  spread: z.array(foldSpread.nullable()).describe("Of metrics of a cross-validation."),
  significance: z.array(significance.nullable()).describe("Against the baseline; null for itself and where there are no folds."),
});

/** The confusion matrix of each run on its test rows. */
export const comparedConfusion = z.object({
  labels: z.array(z.string()),
  runs: z.array(
    z.object({
      run_id: id,
      counts: z.array(z.array(z.number())).nullable().describe("Truth by row; null for a run without, or with other classes."),
      difference: z.array(z.array(z.number())).nullable().describe("Share of the true class, less the baseline's."),
    }),
  ),
});

/** An axis of a plot in parallel coordinates, a value a run. */
export const parallelDimension = z.object({
  name: z.string(),
  kind: z.enum(["number", "category"]),
  values: z.array(z.number().nullable()).describe("Of a category the place among `levels`."),
  levels: z.array(z.string()).nullable(),
});

/** Answer of POST /api/ml/experiments/compare. */
export const compareAnswer = answer({
  runs: z.array(run),
  baseline: id,
  params: z.array(comparedParam),
  metrics: z.array(comparedMetric),
  series: z.array(metricSeries),
  parallel: z.array(parallelDimension),
  confusion: comparedConfusion.nullable(),
  left_out: z.array(z.string()).describe("What was too much to be shown."),
});
export type Comparison = z.infer<typeof compareAnswer>;
export type ComparedParam = z.infer<typeof comparedParam>;
export type ComparedMetric = z.infer<typeof comparedMetric>;
export type ComparedConfusion = z.infer<typeof comparedConfusion>;
export type ParallelDimension = z.infer<typeof parallelDimension>;
export type FoldSpread = z.infer<typeof foldSpread>;
