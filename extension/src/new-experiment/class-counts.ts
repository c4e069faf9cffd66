import type { ColumnProfile } from "assay-lab/contract";
import type { Draft } from "./use-draft";

/** A class with its rows, and those that the parts get of it. */
interface ClassCount {
  label: string;
  rows: number;
  train: number;
  test: number;
}

/** The classes of a target and what of each the parts will get: to the row where it is stratified, else about so many. */
export function classCounts({ top }: ColumnProfile, { testSize, validationSize }: Draft): ClassCount[] {
  return top.map(({ value, count }) => {
    const test = Math.round(count * testSize);
    return { label: String(value), rows: count, test, train: count - test - Math.round(count * validationSize) };
  });
}

/** Rows of a class below which a score of it says little. */
export const fewRows = 10;
