import type { TableLike } from "../../base/columns.ts";
import type { ArrayOptions, Fitted, Label, MatrixInput, ReadTarget, Spec, TableOptions } from "../../base/contract.ts";
import { ParamsError, ShapeError } from "../../base/errors.ts";
import { groupCodes } from "../../base/group-codes.ts";
import { type FitInput, isTable, readFit, readMatrix, readPredict } from "../../base/inputs.ts";
import { suggest } from "../../base/near-name.ts";
import type { TargetColumn } from "../../base/registry.ts";
import { labelsOf, readTarget } from "../../base/targets.ts";
import { type Matrix, sharedFloat64 } from "../../numeric/matrix.ts";
import { announceBackend } from "../tensorflow/backend.ts";
import type { NetworkOptions, NetworkParts, NetworkState, NetworkTargets } from "./network-contract.ts";
import type { NetworkParams, Output } from "./network-params.ts";
import { partColumn } from "./network-rows.ts";
import { outputsOf } from "./network-targets.ts";
import { sizeOf } from "./row-shape.ts";

const who = "network.fit";
type Task = Output["task"];

/** Reads what a network is fitted on: a table, named parts, or a matrix. Throws what `fit` throws. */
export function readNetworkFit(spec: Spec, data: unknown, second: unknown, third: unknown): FitInput {
  const params = spec.params as unknown as NetworkParams;
  const outputs = outputsOf(params, spec.task as Task);
  announceBackend(params.backend);
  if (isTable(data)) return fromTable(spec, params, outputs, data, (second ?? {}) as Partial<TableOptions>);
  if (isParts(data)) return fromParts(spec, params, outputs, data, second, (third ?? {}) as NetworkOptions);
  return fromArrays(spec, outputs, data as MatrixInput, second, (third ?? {}) as NetworkOptions);
}

/** Reads the rows that a network predicts: named parts, else a table or a matrix as every model. */
export function readNetworkRows(asked: string, fitted: Fitted, data: unknown): Matrix {
  if (!isParts(data)) return readPredict(asked, fitted.columns, data as TableLike | MatrixInput).x;
  const params = fitted.params as unknown as NetworkParams;
  const { inputs } = fitted.state as NetworkState;
  const parts = readParts(asked, params, data);
  const names = fitted.columns.map(({ name }) => name);
  for (const { name, places } of inputs) {
    const part = parts.find((each) => each.name === name);
    if (part!.x.columns !== places.length)
      throw new ShapeError(`${asked}: input "${name}" must have ${places.length} columns, got ${part!.x.columns}`);
  }
  return join(asked, parts, names.length).x;
}

function isParts(data: unknown): data is NetworkParts {
  return (
    typeof data === "object" && data !== null && !Array.isArray(data) && !isTable(data) && !("data" in data && "rows" in data)
  );
}

/** Columns of a table that hold the outputs' targets, where there are several. */
export function networkTargets({ params, task }: Spec, target: string | undefined): readonly TargetColumn[] | undefined {
  const outputs = outputsOf(params as unknown as NetworkParams, task as Task);
  const columns = columnsOf(outputs, target);
  return outputs.length > 1 ? outputs.map((output, k) => ({ column: columns[k]!, task: output.task })) : undefined;
}

function columnsOf(outputs: readonly Output[], target: string | undefined): string[] {
  return outputs.map(({ name, column }, k) => (k === 0 ? (target ?? column) : undefined) ?? column ?? name);
}

function fromTable(
  spec: Spec,
  params: NetworkParams,
  outputs: readonly Output[],
  table: TableLike,
  options: Partial<TableOptions>,
): FitInput {
  const columns = columnsOf(outputs, options.target);
  for (const [k, column] of columns.entries())
    if (!table.names.includes(column))
      throw new ParamsError(`${who}: output "${outputs[k]!.name}" has no column "${column}"${suggest(column, table.names)}`);
  const own = params.inputs.flatMap(({ columns: listed }) => listed ?? []);
  const apart = [...columns, options.weight, options.group, options.time];
  const features = own.length > 0 ? [...new Set(own)] : (options.features ?? table.names).filter((name) => !apart.includes(name));
  for (const column of columns)
    if (features.includes(column)) throw new ParamsError(`${who}: inputs must not hold the target "${column}"`);
  const read = readFit(spec, table, { ...options, target: columns[0]!, features }, undefined);
  const targets = outputs.map(({ task }, k) => readTarget(who, task, { name: columns[k]!, column: table.column(columns[k]!) }));
  const groups = options.group === undefined ? undefined : labelsOf(table.column(options.group));
  return withTargets(read, targets, groups);
}

function fromParts(
  spec: Spec,
  params: NetworkParams,
  outputs: readonly Output[],
  data: NetworkParts,
  given: unknown,
  options: NetworkOptions,
): FitInput {
  const targets = targetsByName(outputs, given);
  const { x, names } = join(who, readParts(who, params, data));
  const { groups, ...rest } = options;
  const read = readFit(spec, x, targets[0], { ...rest, columns: names } satisfies ArrayOptions);
  return withTargets(read, readAll(outputs, targets, x.rows), groups && Array.from(groups));
}

function fromArrays(spec: Spec, outputs: readonly Output[], data: MatrixInput, y: unknown, options: NetworkOptions): FitInput {
  const { groups, ...rest } = options;
  const targets = targetsByName(outputs, y);
  const read = readFit(spec, data, targets[0], rest);
  return withTargets(read, readAll(outputs, targets, targets[0]!.length), groups && Array.from(groups));
}

function targetsByName(outputs: readonly Output[], given: unknown): ArrayLike<Label>[] {
  if (typeof given !== "object" || given === null) throw new ShapeError(`${who}: needs targets, got ${String(given)}`);
  if ("length" in given && outputs.length === 1) return [given as ArrayLike<Label>];
  const names = outputs.map(({ name }) => name);
  for (const name of Object.keys(given))
    if (!names.includes(name)) throw new ParamsError(`${who}: the network has no output "${name}"${suggest(name, names)}`);
  return names.map((name) => {
    const target = (given as NetworkTargets)[name];
    if (target === undefined)
      throw new ParamsError(`${who}: output "${name}" needs a target, there are ${Object.keys(given).join(", ")}`);
    return target;
  });
}

function readAll(outputs: readonly Output[], targets: readonly ArrayLike<Label>[], rows: number): ReadTarget[] {
  return outputs.map(({ name, task }, k) => {
    const values = targets[k]!;
    if (values.length !== rows)
      throw new ShapeError(`${who}: x has ${rows} rows but the target of "${name}" has ${values.length}`);
    return readTarget(who, task, { name, column: { kind: "array", values } });
  });
}

function withTargets(read: FitInput, targets: readonly ReadTarget[], groups: readonly unknown[] | undefined): FitInput {
  const rows = targets[0]!.values.length;
  return { ...read, input: { ...read.input, targets, ...(groups && { groups: groupCodes(who, groups, rows) }) } };
}

interface Part {
  readonly name: string;
  readonly x: Matrix;
  readonly names: readonly string[];
}

/** Every input's rows, in the order of the inputs. */
function readParts(asked: string, { inputs }: NetworkParams, data: NetworkParts): Part[] {
  const known = inputs.length === 0 ? ["x"] : inputs.map(({ name }) => name);
  for (const name of Object.keys(data))
    if (!known.includes(name)) throw new ParamsError(`${asked}: the network has no input "${name}"${suggest(name, known)}`);
  return (inputs.length === 0 ? [{ name: "x" }] : inputs).map((input) => {
    const { name, columns, shape } = input as NetworkParams["inputs"][number];
    const given = data[name];
    if (given === undefined)
      throw new ParamsError(`${asked}: input "${name}" is missing, there are ${Object.keys(data).join(", ")}`);
    const x = isTable(given)
      ? readPredict(
          asked,
          (columns ?? given.names).map((column) => ({ name: column })),
          given,
        ).x
      : readMatrix(asked, given as MatrixInput);
    const wanted = columns?.length ?? (shape && sizeOf(shape));
    if (wanted !== undefined && x.columns !== wanted)
      throw new ShapeError(`${asked}: input "${name}" must have ${wanted} columns, got ${x.columns}`);
    return { name, x, names: columns ?? Array.from({ length: x.columns }, (_, j) => partColumn(name, j)) };
  });
}

/** Parts side by side as one matrix; a column that two inputs share is there once. */
function join(
  asked: string,
  parts: readonly Part[],
  columns?: number,
): { readonly x: Matrix; readonly names: readonly string[] } {
  const rows = parts[0]!.x.rows;
  const names = [...new Set(parts.flatMap((part) => part.names))];
  const width = columns ?? names.length;
  const data = sharedFloat64(rows * width);
  for (const { name, x, names: own } of parts) {
    if (x.rows !== rows) throw new ShapeError(`${asked}: input "${parts[0]!.name}" has ${rows} rows but "${name}" has ${x.rows}`);
    const places = own.map((column) => names.indexOf(column));
    for (let i = 0; i < rows; i++) for (let j = 0; j < x.columns; j++) data[i * width + places[j]!] = x.data[i * x.columns + j]!;
  }
  return { x: { rows, columns: width, data, names }, names };
}
