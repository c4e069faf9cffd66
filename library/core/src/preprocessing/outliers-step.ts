import { z } from "zod";
import { presentValues } from "./column-values.ts";
import { statistic } from "./imputer.ts";
import { outlierBounds } from "./outlier-replacer.ts";
import { finite, mapNumbers, names, numbersOf } from "./step-columns.ts";
import { columnsFor, keepRows, presentColumns, type StepResult, stepKind } from "./step-kind.ts";

/** Finds numbers far from the others, by bounds learnt from the training rows. */
export const outliersStep = stepKind("outliers", {
  state: () =>
    z.strictObject({
      bounds: z.array(
        z.strictObject({
          column: z.string(),
          low: z.number().nullable(),
          high: z.number().nullable(),
          fill: z.number().nullable(),
        }),
      ),
    }),
  fit(table, { columns, method, k, low, high, action }, context) {
    const bounds = columnsFor(table, columns, context, ["number"]).map((column) => {
      const x = finite(table.column(column));
      const found = outlierBounds(x, { method, k, low, high });
      const [from, to] = [found.low[0]!, found.high[0]!];
      const within = presentValues(x, 0).filter((value) => value >= from && value <= to);
      const isFilled = action === "mean" || action === "median" || action === "mode";
      const bound = (value: number): number | null => (Number.isFinite(value) ? value : null);
      return {
        column,
        low: bound(from),
        high: bound(to),
        fill: isFilled && within.length > 0 ? statistic(action, within) : null,
      };
    });
    return { bounds };
  },
  apply(table, { action }, { bounds }, context): StepResult {
    const present = new Set(presentColumns(table, names(bounds), context));
    const own = bounds
      .filter(({ column }) => present.has(column))
      .map((bound) => ({ ...bound, values: numbersOf(context.who, table, bound.column) }));
    const isOut = (value: number, low: number | null, high: number | null): boolean =>
      (low !== null && value < low) || (high !== null && value > high);
    if (action === "drop") return keepRows(table, (i) => !own.some(({ values, low, high }) => isOut(values[i]!, low, high)));
    const replace = (value: number, { low, high, fill }: (typeof own)[number]): number =>
      action !== "clip" ? (fill ?? Number.NaN) : low !== null && value < low ? low : high!;
    let made = table;
    for (const each of own)
      made = made.with(
        each.column,
        mapNumbers(each.values, (value) => (isOut(value, each.low, each.high) ? replace(value, each) : value)),
      );
    return { table: made };
  },
});
