import type { ComparedParam } from "../contract/compare.ts";
import type { Run } from "../contract/training.ts";

/** What a run's row holds beside what its list shows. */
export interface RunDetail {
  readonly environment: Readonly<Record<string, unknown>>;
  /** How its rows were parted. */
  readonly splitRecipe: Readonly<Record<string, unknown>> | null;
  readonly features: readonly string[];
  readonly code: Readonly<Record<string, unknown>> | null;
  readonly seed: number | null;
  /** Of its dataset version. */
  readonly contentHash: string | null;
}

type Group = ComparedParam["group"];

/** Leaves of one value at most; a pipeline has a few dozen. */
const leavesMost = 500;

/**
 * Everything that a run was made from, by path: data, hyperparameters, preprocessing, environment; nested values fall apart into
 * their leaves, a pipeline's steps are named after themselves. O(leaves).
 */
export function paramsOf(run: Run, detail: RunDetail): Map<string, { readonly group: Group; readonly value: unknown }> {
  const found = new Map<string, { group: Group; value: unknown }>();
  const add = (group: Group, name: string, value: unknown): void => {
    for (const [path, leaf] of leavesOf(name, value))
      if (leaf !== undefined && leaf !== null) found.set(path, { group, value: leaf });
  };
  add("run", "algorithm", run.algorithm);
  add("run", "preset", run.preset);
  add("run", "task_type", run.task_type);
  add("data", "dataset", run.dataset);
  add("data", "dataset_hash", detail.contentHash?.slice(0, 12));
  add("data", "target_column", run.target_column);
  add("data", "feature_columns", detail.features.length > 0 ? detail.features.join(", ") : null);
  if (detail.splitRecipe) add("data", "split", detail.splitRecipe);
  add("run", "seed", detail.seed);
  for (const [name, value] of Object.entries(run.hyperparameters)) add("hyperparameters", name, value);
  const { pipeline, ...machine } = detail.environment;
  add("preprocessing", "preprocessing", pipeline);
  for (const [name, value] of Object.entries(machine)) add("environment", name, value);
  add("environment", "commit", detail.code?.["commit"]);
  return found;
}

/** The parameters of many runs side by side, in the order in which they are met. */
export function paramRows(
  all: readonly ReadonlyMap<string, { readonly group: Group; readonly value: unknown }>[],
): ComparedParam[] {
  const groups = new Map<string, Group>();
  for (const params of all) for (const [name, { group }] of params) if (!groups.has(name)) groups.set(name, group);
  const order: readonly Group[] = ["run", "data", "hyperparameters", "preprocessing", "environment"];
  return [...groups]
    .sort(([, a], [, b]) => order.indexOf(a) - order.indexOf(b))
    .map(([name, group]) => {
      const values = all.map((params) => params.get(name)?.value ?? null);
      return { name, group, values, differs: differ(values) };
    });
}

/** Whether values are not all the same. */
export function differ(values: readonly unknown[]): boolean {
  return new Set(values.map((value) => JSON.stringify(value))).size > 1;
}

/** A nested value as paths and plain values; a list of plain values is one. */
function leavesOf(path: string, value: unknown): [string, unknown][] {
  const leaves: [string, unknown][] = [];
  const walk = (at: string, each: unknown, depth: number): void => {
    if (leaves.length >= leavesMost) return;
    if (typeof each !== "object" || each === null || depth > 12) leaves.push([at, each]);
    else if (isPlainList(each)) leaves.push(...((each as unknown[]).length > 0 ? [[at, each] as [string, unknown]] : []));
    else if (Array.isArray(each)) for (const [k, item] of each.entries()) walkItem(`${at}.${nameOf(each, k)}`, item, depth + 1);
    else if (isSpec(each)) {
      leaves.push([at, each.name]);
      walkItem(at, each, depth);
    } else for (const [key, item] of Object.entries(each)) walk(`${at}.${key}`, item, depth + 1);
  };
  /** What is in a step whose name is in the path already; the steps of a pipeline stand under it directly. */
  const walkItem = (at: string, item: unknown, depth: number): void => {
    const params = isSpec(item) ? Object.entries(item.params) : undefined;
    if (!params) walk(at, item, depth);
    else if (params.length === 0) leaves.push([at, true]);
    for (const [key, value] of params ?? [])
      walk(key === "steps" && Array.isArray(value) ? at : `${at}.${key}`, value, depth + 1);
  };
  walk(path, value, 0);
  return leaves;
}

function isPlainList(value: object): boolean {
  return Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null);
}

/** A step of a pipeline by its own name, with its number where there are two of it; other items by their place. */
function nameOf(items: readonly unknown[], k: number): string {
  const stepName = (item: unknown): unknown => (item as { name?: unknown } | null)?.name;
  const own = stepName(items[k]);
  if (typeof own !== "string") return String(k);
  const before = items.slice(0, k).filter((item) => stepName(item) === own).length;
  return before === 0 ? own : `${own}[${before}]`;
}

function isSpec(value: unknown): value is { readonly name: string; readonly params: object } {
  const { name, params } = (value ?? {}) as { name?: unknown; params?: unknown };
  return typeof name === "string" && typeof params === "object" && params !== null;
}
