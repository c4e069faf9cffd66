import type { AbTestRequest, ModelVersion } from "assay-lab/contract";

/** A metric as the form holds it. */
export interface MetricDraft {
  name: string;
  kind: "binary" | "number";
  better: "higher" | "lower";
  /** NaN: no hours are said, everything so far counts. */
  windowHours: number;
  /** NaN: it guards nothing. */
  margin: number;
}

/** What the form of a new test holds. */
export interface AbDraft {
  name: string;
  a: string;
  b: string;
  /** B's share in percent. */
  share: number;
  shadow: boolean;
  description: string;
  /** The first is what the test is for. */
  metrics: MetricDraft[];
}

/** A metric without a name yet. */
export const newMetric = (margin: number): MetricDraft => ({
  name: "",
  kind: "binary",
  better: "higher",
  windowHours: Number.NaN,
  margin,
});

/** A test of the newest version against the one in production, else against the one before. */
export function firstDraft(versions: readonly ModelVersion[], model: string | undefined): AbDraft {
  const usable = versions.filter(
    ({ version_status, name }) => version_status !== "archived" && (model === undefined || name === model),
  );
  const a = usable.find(({ version_status }) => version_status === "production") ?? usable[1] ?? usable[0];
  const b = usable.find((version) => version !== a && version.name === a?.name);
  return {
    name: "",
    a: a?.model_id ?? "",
    b: b?.model_id ?? "",
    share: 50,
    shadow: false,
    description: "",
    metrics: [{ ...newMetric(Number.NaN), name: "outcome" }],
  };
}

/** What keeps a draft from being sent, in the order of the fields; null: nothing. */
export function problemOf({ name, a, b, share, metrics }: AbDraft): "name" | "versions" | "share" | "metrics" | null {
  if (name.trim() === "") return "name";
  if (a === "" || b === "" || a === b) return "versions";
  if (!(share > 0 && share < 100)) return "share";
  return metrics.every((metric) => /^[\w.-]{1,100}$/.test(metric.name)) ? null : "metrics";
}

/** The draft as the service takes it. */
export function requestOf({ name, a, b, share, shadow, description, metrics }: AbDraft, start: boolean): AbTestRequest {
  return {
    test_name: name.trim(),
    model_a_id: a,
    model_b_id: b,
    split_ratio: share / 100,
    shadow,
    description,
    start,
    metrics: metrics.map(({ windowHours, margin, ...metric }) => ({
      ...metric,
      window_hours: Number.isNaN(windowHours) ? null : windowHours,
      guardrail: Number.isNaN(margin) ? null : { margin },
    })),
  };
}
