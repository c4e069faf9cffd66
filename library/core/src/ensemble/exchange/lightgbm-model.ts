import type { InputColumn } from "../../base/contract.ts";
import { DataError } from "../../base/errors.ts";
import { entries, type Place, refusePlace } from "./document.ts";
import type { ForeignModel } from "./foreign-model.ts";
import { parseJson } from "./json.ts";
import { lightgbmObjective } from "./lightgbm-objective.ts";
import { integerField, type LightgbmText, splitLightgbm, type TextSection, wordsField } from "./lightgbm-text.ts";
import { readLightgbmTree } from "./lightgbm-tree.ts";

const who = "readLightgbm";

/** A LightGBM model from its text, versions 2 to 4. Throws DataError with the line. */
export function readLightgbmText(text: string): ForeignModel {
  const file = splitLightgbm(text);
  const { head } = file;
  checkVersion(head);
  const outputs = integerField(head, "num_tree_per_iteration", 1, Math.max(1, file.trees.length));
  if (file.trees.length === 0 || file.trees.length % outputs !== 0)
    throw new DataError(
      `${who}: the file must have a multiple of ${outputs} trees (num_tree_per_iteration), got ${file.trees.length}`,
    );
  if (head.fields.has("tree_sizes")) wordsField(head, "tree_sizes", file.trees.length);
  const names = readNames(head);
  const trees = file.trees.map((section) => readLightgbmTree(section, names.length));
  return {
    objective: lightgbmObjective(who, head.fields.get("objective")?.value ?? ""),
    columns: readColumns(file, names),
    outputs,
    base: new Float64Array(outputs),
    trees,
    outputOf: Int32Array.from(trees, (_, t) => t % outputs),
    roundEnds: Int32Array.from({ length: trees.length / outputs }, (_, round) => (round + 1) * outputs),
    average: head.fields.has("average_output"),
    single: false,
  };
}

function checkVersion(head: TextSection): void {
  const version = head.fields.get("version");
  if (version && !/^v[234]$/.test(version.value.trim()))
    throw new DataError(
      `${who}: line ${version.line}, version must be v2, v3 or v4, got ${JSON.stringify(version.value.slice(0, 60))}`,
    );
}

function readNames(head: TextSection): string[] {
  const room = head.fields.get("feature_names")?.value.length ?? 0;
  return wordsField(head, "feature_names", integerField(head, "max_feature_idx", 0, room) + 1);
}

/** Names of the columns, and pandas' levels of those that held categories. */
function readColumns(file: LightgbmText, names: readonly string[]): InputColumn[] {
  const levels = readLevels(file);
  const coded = levels.length > 0 ? codedColumns(file, names.length) : [];
  if (levels.length !== coded.length) return names.map((name) => ({ name })); // the file does not say which columns they are of
  const levelsOf = new Map(coded.map((j, k) => [j, levels[k]!]));
  return names.map((name, j) => (levelsOf.has(j) ? { name, levels: levelsOf.get(j)! } : { name }));
}

/** Columns of category codes: as the training's parameters tell, else as the ranges of the features tell. */
function codedColumns({ head, parameters }: LightgbmText, features: number): number[] {
  const told = (parameters.get("categorical_feature") ?? "").split(",").filter((word) => word.trim() !== "");
  const columns = told.map(Number).filter((column) => Number.isInteger(column) && column >= 0 && column < features);
  if (columns.length > 0) return [...new Set(columns)].sort((a, b) => a - b);
  const ranges = head.fields.get("feature_infos")?.value.trim().split(/\s+/) ?? [];
  return ranges.flatMap((range, j) => (j < features && range !== "none" && !range.startsWith("[") ? [j] : []));
}

/** The lists of the line `pandas_categorical:`. */
function readLevels({ pandasCategorical: written }: LightgbmText): string[][] {
  if (!written) return [];
  const value = parseJson(`${who}: pandas_categorical (line ${written.line})`, written.value);
  if (value === null) return [];
  const place: Place = { who, path: `line ${written.line}, pandas_categorical`, value };
  return entries(place).map((list) => {
    const levels = entries(list).map((entry) => {
      const { value: level } = entry;
      return typeof level === "object" ? refusePlace(entry, "be a text, a number or a boolean") : String(level);
    });
    return new Set(levels).size === levels.length ? levels : refusePlace(list, "have levels that differ");
  });
}
