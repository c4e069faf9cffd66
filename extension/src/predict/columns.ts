import type { Cell, ColumnProfile, ModelVersion, ProfileValue } from "assay-lab/contract";
import { short } from "../elements/Bars";

type SignatureColumn = ModelVersion["signature"]["columns"][number];

/** A column of the signature with what its training data tells of it. */
export interface InputColumn extends SignatureColumn {
  /** Choices, where the column takes no others. */
  options: readonly string[] | null;
  /** Of the numbers in the dataset. */
  range: { min: number; max: number } | null;
  /** A value that many rows have. */
  typical: string;
}

/** The columns of a signature, with ranges and typical values of its dataset where that is there. */
export function inputColumns({ signature }: ModelVersion, profile: ProfileValue | null): InputColumn[] {
  const profiles = new Map(profile?.columns.map((column) => [column.name, column]));
  return signature.columns.map((column) => {
    const known = profiles.get(column.name);
    const { min, max } = known ?? {};
    return {
      ...column,
      options: column.levels ?? (column.kind === "boolean" ? ["true", "false"] : null),
      range: typeof min === "number" && typeof max === "number" ? { min, max } : null,
      typical: known ? typicalOf(known) : (column.levels?.[0] ?? ""),
    };
  });
}

/** What was typed as a value of the column's kind; nothing typed is missing. */
export function cellOf(text: string, kind: string): Cell {
  if (text === "") return null;
  if (kind === "number") return Number.isFinite(Number(text)) ? Number(text) : text;
  return kind === "boolean" ? text === "true" : text;
}

/** Whether a number lies where the dataset has none. */
export function isOutside(text: string, { range, kind }: InputColumn): boolean {
  const value = Number(text);
  return text !== "" && kind === "number" && range !== null && (value < range.min || value > range.max);
}

function typicalOf({ mean, top }: ColumnProfile): string {
  if (typeof mean === "number") return short(mean);
  const value = top.find((each) => each.value !== null)?.value;
  return value === undefined ? "" : String(value);
}
