import { ParamsError } from "assay";
import type { ModelVersion, VersionComparison } from "../contract/models.ts";
import { toNumber } from "../contract/values.ts";
import type { Session } from "../projects/session.ts";
import { greaterIsBetter } from "./promotion-checks.ts";
import { getVersion } from "./versions.ts";

type Difference = VersionComparison["differences"][number];

/** Versions side by side: what differs in how they were made, and their metrics with the best of each. */
export async function compareVersions(session: Session, refs: readonly string[]): Promise<VersionComparison> {
  if (refs.length < 2) throw new ParamsError(`registry: a comparison needs two versions at least, got ${refs.length}`);
  const versions = await Promise.all(refs.map((ref) => getVersion(session, ref)));
  return { versions, differences: differencesOf(versions), metrics: metricsOf(versions) };
}

function differencesOf(versions: readonly ModelVersion[]): Difference[] {
  const found: Difference[] = [];
  const add = (what: Difference["what"], name: string, of: (version: ModelVersion) => unknown): void => {
    const values = versions.map((version) => of(version) ?? null);
    if (new Set(values.map((value) => JSON.stringify(value))).size > 1) found.push({ what, name, values });
  };
  add("algorithm", "algorithm", ({ algorithm }) => algorithm);
  const params = new Set(versions.flatMap(({ hyperparameters }) => Object.keys(hyperparameters)));
  for (const name of params)
    add("params", name, ({ hyperparameters }) => (Object.hasOwn(hyperparameters, name) ? hyperparameters[name] : null));
  add("preprocessing", "preprocessing", ({ preprocessing }) => preprocessing);
  add("dataset", "dataset", ({ dataset }) => dataset);
  add("signature", "target", ({ signature }) => signature.target);
  add("signature", "classes", ({ signature }) => signature.classes);
  const columns = new Set(versions.flatMap(({ signature }) => signature.columns.map(({ name }) => name)));
  for (const name of columns) add("signature", name, ({ signature }) => signature.columns.find((column) => column.name === name));
  return found;
}

function metricsOf(versions: readonly ModelVersion[]): VersionComparison["metrics"] {
  const names = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  return names.map((name) => {
    const values = versions.map(({ metrics }) => metrics[name] ?? null);
    const sign = greaterIsBetter(name, versions[0]!.task_type) ? 1 : -1;
    let best: number | null = null;
    for (const [k, value] of values.entries()) {
      if (value === null || !Number.isFinite(toNumber(value))) continue;
      if (best === null || sign * toNumber(value) > sign * toNumber(values[best]!)) best = k;
    }
    return { name, values, best };
  });
}
