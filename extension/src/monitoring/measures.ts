import type { TranslationBundle } from "@jupyterlab/translation";
import type { Measure } from "assay-lab/contract";

/** A measure in words, with a bound that suits most models. */
interface MeasureWords {
  label: string;
  unit: string;
  bound: number;
}

/** What a rule may look at. */
export function measuresOf(trans: TranslationBundle): Record<Measure, MeasureWords> {
  return {
    input_drift: { label: trans.__("inputs moved"), unit: "PSI", bound: 0.25 },
    prediction_drift: { label: trans.__("predictions moved"), unit: "PSI", bound: 0.25 },
    emergency_share: { label: trans.__("share answered by the rule"), unit: trans.__("share of rows"), bound: 0.01 },
    latency_ms: { label: trans.__("mean latency"), unit: "ms", bound: 100 },
    metric_below: { label: trans.__("a metric fell below"), unit: "", bound: 0.8 },
    metric_above: { label: trans.__("a metric rose above"), unit: "", bound: 1 },
    rows_below: { label: trans.__("too few rows"), unit: trans.__("rows"), bound: 1 },
  };
}
