import type { KernelFunc, TensorInfo } from "@tensorflow/tfjs-core";
import type { Pointer } from "../../numeric/wasm.ts";
import { enterMatrix, lay, leaveMatrix, padded, panel } from "./kernel-bench.ts";
import type { WasmBackend } from "./wasm-gradients.ts";

type Given = Parameters<KernelFunc>[0];

/** A sequence of steps: what the inputs add (rows × length × gates · units) lies row by row, and so does everything else. */
interface Steps {
  readonly rows: number;
  readonly length: number;
  readonly units: number;
  /** Products of a step: an LSTM's 4 (enter, keep, news, leave), a GRU's 3 (keep, reset, news). */
  readonly gates: number;
  readonly isBackward: boolean;
}

interface Scan {
  readonly entries: Float32Array;
  readonly values: Float32Array;
  /** Of each step and unit, four numbers that the way back needs: an LSTM's gates, or a GRU's gates and its news' product. */
  readonly kept: Float32Array;
  /** An LSTM's cells. */
  readonly cells: Float32Array;
}

/** All steps of a recurrent layer at once: its values, what its gates did, and its cells. */
export function scanSteps({ inputs, attrs, backend }: Given): TensorInfo[] {
  const { entries, recurrent, bias } = inputs as Record<"entries" | "recurrent" | "bias", TensorInfo>;
  const wasm = backend as WasmBackend;
  const steps = stepsOf(entries, recurrent, attrs);
  const { rows, length, units, gates } = steps;
  const answers = [units, 4 * units, units].map((size) => wasm.makeOutput([rows, length, size], "float32"));
  const [values, kept, cells] = answers.map((info) => wasm.typedArrayFromHeap(info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const scan = { entries: wasm.typedArrayFromHeap(entries), values, kept, cells };
  goForward(steps, scan, wasm.typedArrayFromHeap(recurrent), gates === 3 ? wasm.typedArrayFromHeap(bias) : undefined);
  return answers;
}

/** The gradients of `scanSteps` by what the inputs add, by the recurrent kernel, and by a GRU's recurrent bias. */
export function scanGradient({ inputs, attrs, backend }: Given): TensorInfo[] {
  const { dy, entries, recurrent, values, kept, cells } = inputs as Record<string, TensorInfo>;
  const wasm = backend as WasmBackend;
  const steps = stepsOf(entries!, recurrent!, attrs);
  const answers = [entries!.shape, recurrent!.shape, [steps.gates * steps.units]].map((shape) =>
    wasm.makeOutput(shape, "float32"),
  );
  const heap = (info: TensorInfo): Float32Array => wasm.typedArrayFromHeap(info);
  const scan = { entries: heap(entries!), values: heap(values!), kept: heap(kept!), cells: heap(cells!) };
  const [byEntries, byKernel, byBias] = answers.map(heap) as [Float32Array, Float32Array, Float32Array];
  goBack(steps, scan, heap(recurrent!), heap(dy!), byEntries, byKernel, byBias);
  return answers;
}

function stepsOf(entries: TensorInfo, recurrent: TensorInfo, attrs: Given["attrs"]): Steps {
  const [rows, length] = entries.shape as [number, number, number];
  const [units, wide] = recurrent.shape as [number, number];
  return { rows, length, units, gates: wide / units, isBackward: (attrs as unknown as { isBackward: boolean }).isBackward };
}

/** The step that is read as the `k`-th. */
function stepAt({ length, isBackward }: Steps, k: number): number {
  return isBackward ? length - 1 - k : k;
}

function goForward(steps: Steps, scan: Scan, kernel: Float32Array, bias: Float32Array | undefined): void {
  const { rows, length, units, gates } = steps;
  const wide = gates * units;
  const size = padded(wide);
  const { kernel: run, floats, places } = lay(size * units, size, (rows + 6) * units, (rows + 6) * size);
  const [matrix, first, state, sums] = places as [Pointer, Pointer, Pointer, Pointer];
  enterMatrix(floats, matrix, kernel, units, wide);
  floats.fill(0, first / 4, first / 4 + size);
  if (bias) floats.set(bias, first / 4);
  floats.fill(0, state / 4, state / 4 + rows * units);
  for (let k = 0; k < length; k++) {
    const step = stepAt(steps, k);
    const before = k === 0 ? undefined : stepAt(steps, k - 1);
    run.denseAffine32(state, 4 * units, rows, units, matrix, size / panel, first, sums, 4 * size);
    for (let row = 0; row < rows; row++) {
      const at = row * length + step;
      const last = before === undefined ? -1 : (row * length + before) * units;
      if (gates === 4) lstmStep(units, floats, sums / 4 + row * size, scan, at, last);
      else gruStep(units, floats, sums / 4 + row * size, scan, at, last);
      for (let j = 0; j < units; j++) floats[state / 4 + row * units + j] = scan.values[at * units + j]!;
    }
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Source: Hochreiter & Schmidhuber (1997), with the forget gate of Gers et al. (2000). `last` is where the step before begins, or −1. */
function lstmStep(
  units: number,
  floats: Float32Array,
  sums: number,
  { entries, values, kept, cells }: Scan,
  at: number,
  last: number,
): void {
  const from = 4 * at * units;
  for (let j = 0; j < units; j++) {
    const enter = sigmoid(entries[from + j]! + floats[sums + j]!);
    const keep = sigmoid(entries[from + units + j]! + floats[sums + units + j]!);
    const news = Math.tanh(entries[from + 2 * units + j]! + floats[sums + 2 * units + j]!);
    const leave = sigmoid(entries[from + 3 * units + j]! + floats[sums + 3 * units + j]!);
    const cell = enter * news + (last < 0 ? 0 : keep * cells[last + j]!);
    kept[from + j] = enter;
    kept[from + units + j] = keep;
    kept[from + 2 * units + j] = news;
    kept[from + 3 * units + j] = leave;
    cells[at * units + j] = cell;
    values[at * units + j] = leave * Math.tanh(cell);
  }
}

/** Source: Cho et al. (2014); the reset gate acts on the product, as in cuDNN. */
function gruStep(
  units: number,
  floats: Float32Array,
  sums: number,
  { entries, values, kept }: Scan,
  at: number,
  last: number,
): void {
  const [from, to] = [3 * at * units, 4 * at * units];
  for (let j = 0; j < units; j++) {
    const keep = sigmoid(entries[from + j]! + floats[sums + j]!);
    const reset = sigmoid(entries[from + units + j]! + floats[sums + units + j]!);
    const product = floats[sums + 2 * units + j]!;
    const news = Math.tanh(entries[from + 2 * units + j]! + reset * product);
    kept[to + j] = keep;
    kept[to + units + j] = reset;
    kept[to + 2 * units + j] = news;
    kept[to + 3 * units + j] = product;
    values[at * units + j] = news + keep * ((last < 0 ? 0 : values[last + j]!) - news);
  }
}

/** Back through time. Source: Werbos (1990). */
function goBack(
  steps: Steps,
  scan: Scan,
  kernel: Float32Array,
  dy: Float32Array,
  byEntries: Float32Array,
  byKernel: Float32Array,
  byBias: Float32Array,
): void {
  const { rows, length, units, gates } = steps;
  const wide = gates * units;
  const size = padded(wide);
  const narrow = padded(units);
  const {
    kernel: run,
    floats,
    places,
  } = lay(wide * narrow, narrow, (rows + 6) * size, (rows + 6) * units + panel, size * units, size, (rows + 6) * narrow);
  const [turned, nothing, deltas, state, gradient, sums, carry] = places as Place7;
  const kept = new Float32Array(rows * units);
  const pass = { units, floats, scan, dy, byEntries };
  const back = gates === 4 ? lstmBack : gruBack;
  enterMatrix(floats, turned, kernel, wide, units, true);
  for (const [place, count] of [
    [nothing, narrow],
    [deltas, (rows + 6) * size],
    [state, (rows + 6) * units + panel],
    [gradient, size * units],
    [sums, size],
    [carry, (rows + 6) * narrow],
  ] as const)
    floats.fill(0, place / 4, place / 4 + count);
  for (let k = length - 1; k >= 0; k--) {
    const step = stepAt(steps, k);
    const before = k === 0 ? undefined : stepAt(steps, k - 1);
    for (let row = 0; row < rows; row++) {
      const at = row * length + step;
      const last = before === undefined ? -1 : (row * length + before) * units;
      const places = { carry: carry / 4 + row * narrow, deltas: deltas / 4 + row * size, at, last };
      back(pass, places, kept.subarray(row * units));
      for (let j = 0; j < units; j++) floats[state / 4 + row * units + j] = last < 0 ? 0 : scan.values[last + j]!;
    }
    run.denseOuter32(state, 4 * units, deltas, 4 * size, rows, units, size / panel, gradient);
    run.denseColumnSums32(deltas, 4 * size, rows, size / panel, sums);
    run.denseAffine32(deltas, 4 * size, rows, wide, turned, narrow / panel, nothing, carry, 4 * narrow);
  }
  leaveMatrix(floats, gradient, byKernel, units, wide);
  if (gates === 4)
    byBias.fill(0); // an LSTM's only bias is among what the inputs add
  else byBias.set(floats.subarray(sums / 4, sums / 4 + wide));
}

type Place7 = [Pointer, Pointer, Pointer, Pointer, Pointer, Pointer, Pointer];

/** What every row's way back reads and writes. */
interface BackPass {
  readonly units: number;
  readonly floats: Float32Array;
  readonly scan: Scan;
  readonly dy: Float32Array;
  readonly byEntries: Float32Array;
}

/** Where a row stands in it. */
interface RowPlaces {
  readonly carry: number;
  readonly deltas: number;
  readonly at: number;
  /** Where the step before begins, or −1. */
  readonly last: number;
}

/** A row's derivatives by an LSTM's sums, which are those by what the inputs add; what its cell owes the step before waits in `cellCarry`. */
function lstmBack(pass: BackPass, { carry, deltas, at, last }: RowPlaces, cellCarry: Float32Array): void {
  const { units, floats, dy, byEntries } = pass;
  const { kept, cells } = pass.scan;
  const from = 4 * at * units;
  for (let j = 0; j < units; j++) {
    const [enter, keep] = [kept[from + j]!, kept[from + units + j]!];
    const [news, leave] = [kept[from + 2 * units + j]!, kept[from + 3 * units + j]!];
    const bent = Math.tanh(cells[at * units + j]!);
    const slope = dy[at * units + j]! + floats[carry + j]!;
    const cell = cellCarry[j]! + slope * leave * (1 - bent * bent);
    cellCarry[j] = cell * keep;
    byEntries[from + j] = cell * news * enter * (1 - enter);
    byEntries[from + units + j] = last < 0 ? 0 : cell * cells[last + j]! * keep * (1 - keep);
    byEntries[from + 2 * units + j] = cell * enter * (1 - news * news);
    byEntries[from + 3 * units + j] = slope * bent * leave * (1 - leave);
  }
  for (let j = 0; j < 4 * units; j++) floats[deltas + j] = byEntries[from + j]!;
}

/** A row's derivatives by a GRU's sums; what goes straight to the step before waits in `straight`. */
function gruBack(pass: BackPass, { carry, deltas, at, last }: RowPlaces, straight: Float32Array): void {
  const { units, floats, dy, byEntries } = pass;
  const { kept, values } = pass.scan;
  const [from, to] = [4 * at * units, 3 * at * units];
  for (let j = 0; j < units; j++) {
    const [keep, reset] = [kept[from + j]!, kept[from + units + j]!];
    const [news, product] = [kept[from + 2 * units + j]!, kept[from + 3 * units + j]!];
    const slope = dy[at * units + j]! + floats[carry + j]! + straight[j]!;
    const off = (last < 0 ? 0 : values[last + j]!) - news;
    const byNews = slope * (1 - keep) * (1 - news * news);
    straight[j] = slope * keep;
    byEntries[to + j] = slope * off * keep * (1 - keep);
    byEntries[to + units + j] = byNews * product * reset * (1 - reset);
    byEntries[to + 2 * units + j] = byNews;
    floats[deltas + j] = byEntries[to + j]!;
    floats[deltas + units + j] = byEntries[to + units + j]!;
    floats[deltas + 2 * units + j] = byNews * reset;
  }
}
