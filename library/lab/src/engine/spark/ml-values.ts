import { StoreError } from "assay";
import type { MessageJson } from "./channel.ts";

/** A parameter of a stage, as the protocol spells it; made by `ofNumber` and its like, since Spark does not turn whole numbers into others. */
type MlParam = MessageJson;

/** Parameters of a stage by Spark's names. */
export type MlParams = Readonly<Record<string, MlParam>>;

/** A parameter that is a number with a fraction. */
export const ofNumber = (value: number): MlParam => ({ double: value });

/** A parameter that is a whole number of 32 bits. */
export const ofInteger = (value: number): MlParam => ({ integer: value });

/** A parameter that is a whole number of 64 bits. */
export const ofLong = (value: number): MlParam => ({ long: String(value) });

/** A parameter that is true or false. */
export const ofFlag = (value: boolean): MlParam => ({ boolean: value });

/** A parameter that is a text. */
export const ofText = (value: string): MlParam => ({ string: value });

/** A parameter that is a list of texts. */
export const ofTexts = (values: readonly string[]): MlParam => ({
  array: { elementType: { string: {} }, elements: values.map(ofText) },
});

/** What a model tells of itself: vectors as lists, matrices as lists of rows. */
export type MlValue = null | boolean | number | string | readonly MlValue[];

/** An answer of the protocol as a value. Throws StoreError for a kind that no model of ours gives. */
export function mlValue(literal: MessageJson): MlValue {
  const [[kind, value] = ["nothing", null]] = Object.entries(literal).filter(([name]) => name !== "dataType");
  if (plainNumbers.has(kind)) return Number(value);
  switch (kind) {
    case "null":
      return null;
    case "boolean":
    case "string":
      return value as boolean | string;
    case "array":
      return listed<MessageJson>(value, "elements").map(mlValue);
    case "specializedArray":
      return numbersOf(literal);
    case "struct":
      return ofStruct(value as MessageJson);
    default:
      throw new StoreError(`spark: a model answers with a ${kind}, which is not known here`);
  }
}

const plainNumbers = new Set(["byte", "short", "integer", "long", "float", "double"]);

function ofStruct(struct: MessageJson): MlValue {
  const elements = listed<MessageJson>(struct, "elements");
  const type = JSON.stringify(struct["structType"] ?? struct["dataTypeStruct"] ?? "");
  if (type.includes("VectorUDT")) return vectorOf(elements);
  if (type.includes("MatrixUDT")) return matrixOf(elements);
  throw new StoreError(`spark: a model answers with a struct of ${elements.length} fields, which is not known here`);
}

/** type (0 sparse, 1 dense), size, indices, values. */
function vectorOf([type, size, indices, values]: readonly MessageJson[]): MlValue {
  const numbers = numbersOf(values!);
  if (Number(type!["byte"]) === 1) return numbers;
  const dense = new Array<number>(Number(size!["integer"])).fill(0);
  for (const [k, index] of numbersOf(indices!).entries()) dense[index] = numbers[k]!;
  return dense;
}

/** type (0 sparse by columns, 1 dense), rows, columns, column pointers, row indices, values, whether rows and columns are swapped. */
function matrixOf([type, rowCount, columnCount, pointers, indices, values, swapped]: readonly MessageJson[]): MlValue {
  const [rows, columns] = [Number(rowCount!["integer"]), Number(columnCount!["integer"])];
  const isSwapped = swapped!["boolean"] === true;
  const numbers = numbersOf(values!);
  const matrix = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const put = (major: number, minor: number, value: number): void => {
    const [row, column] = isSwapped ? [major, minor] : [minor, major];
    matrix[row]![column] = value;
  };
  const [majors, minors] = isSwapped ? [rows, columns] : [columns, rows];
  if (Number(type!["byte"]) === 1) for (const [k, value] of numbers.entries()) put(Math.floor(k / minors), k % minors, value);
  else {
    const [starts, places] = [numbersOf(pointers!), numbersOf(indices!)];
    for (let major = 0; major < majors; major++)
      for (let k = starts[major]!; k < starts[major + 1]!; k++) put(major, places[k]!, numbers[k]!);
  }
  return matrix;
}

/** The numbers of a packed list; JSON leaves out what is empty. */
function numbersOf(literal: MessageJson): number[] {
  const packed = Object.values((literal["specializedArray"] ?? {}) as MessageJson)[0] ?? {};
  return listed<number | string>(packed, "values").map(Number);
}

function listed<T>(message: unknown, field: string): readonly T[] {
  return ((message as Readonly<Record<string, unknown>>)[field] ?? []) as readonly T[];
}
