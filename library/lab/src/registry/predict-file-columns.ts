import { scanCsv } from "assay";
import type { Served } from "./serving.ts";

/** Cells that hold nothing. */
export const missing: ReadonlySet<string> = new Set(["", "NA", "NaN", "nan", "null", "NULL"]);

/** Columns of an answer behind those of the file. */
export function addedColumns({ primary }: Pick<Served, "primary">): string[] {
  const { classes } = primary.version.signature;
  return ["prediction", ...(classes ?? []).map((label) => `proba_${label}`), "source"];
}

/** These names, changed where the file has them already. */
export function fresh(added: readonly string[], header: readonly string[]): string[] {
  return added.map((name) => {
    let free = name;
    while (header.includes(free)) free += "_";
    return free;
  });
}

/** Writes answers as Parquet: numbers where the model knows them as such, text else; nothing of the caller's is changed. */
export async function toParquet(
  csv: string,
  place: string,
  header: readonly string[],
  { primary }: Pick<Served, "primary">,
): Promise<void> {
  const { signature, task_type } = primary.version;
  const numbers = new Set(signature.columns.flatMap(({ name, kind }) => (kind === "number" ? [name] : [])));
  const added = addedColumns({ primary }).length;
  const kindOf = (name: string, j: number): "number" | "text" => {
    const k = j - (header.length - added);
    if (k < 0) return numbers.has(name) ? "number" : "text";
    if (k === 0)
      return task_type === "regression" || signature.classes?.every((label) => typeof label === "number") ? "number" : "text";
    return k === added - 1 ? "text" : "number";
  };
  const columns = Object.fromEntries(header.map((name, j) => [name, kindOf(name, j)]));
  await (await scanCsv(csv, { columns, delimiter: ",", missing: [...missing] })).writeParquet(place);
}
