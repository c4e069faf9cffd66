import type { FitContext, ReadTarget } from "../../base/contract.ts";
import { DataError, ParamsError } from "../../base/errors.ts";
import { suggest } from "../../base/near-name.ts";
import type { NetworkOutputState } from "./network-contract.ts";
import type { NetworkParams, Output, RegressionOutput } from "./network-params.ts";
import type { Target } from "./output-losses.ts";

/** The outputs, one of the task where none is named. */
export function outputsOf({ outputs }: NetworkParams, task: Output["task"]): readonly Output[] {
  if (outputs.length > 0) return outputs;
  if (task === "classification") return [{ name: "target", task, weight: 1, classWeight: "none" }];
  return [{ name: "target", task, weight: 1, loss: "mse", delta: 1, scale: "standard" }];
}

/**
 * Targets of all outputs as the training compares them; scales are learnt from the `known` rows, or are those of the `former` network that the fit goes on
 * from. Throws DataError and ParamsError.
 */
export function readTargets(
  outputs: readonly Output[],
  y: Float64Array,
  context: Pick<FitContext, "targets" | "classes">,
  known: Uint32Array,
  former?: readonly NetworkOutputState[],
): { readonly targets: readonly Target[]; readonly states: readonly NetworkOutputState[] } {
  const given: readonly ReadTarget[] = context.targets ?? [{ values: y }];
  if (given.length !== outputs.length)
    throw new ParamsError(
      `network.fit: a network of ${outputs.length} outputs is fitted by itself, with a target for each, got ${given.length}`,
    );
  const pairs = outputs.map((output, k) =>
    output.task === "classification"
      ? classTarget(output, given[k]!, given[k]!.classes?.length ?? context.classes, known)
      : numberTarget(output, given[k]!.values, known, former?.[k]),
  );
  if (former) for (const [k, [, state]] of pairs.entries()) requireSame(state, former[k], k);
  return { targets: pairs.map(([target]) => target), states: pairs.map(([, state]) => state) };
}

/** A network to go on from must have been fitted for the same answers. The first output's classes are compared where the fit begins. */
function requireSame(state: NetworkOutputState, former: NetworkOutputState | undefined, place: number): void {
  const kind = (of: NetworkOutputState): string =>
    JSON.stringify([of.task, of.units, of.isLog, place > 0 && of.classes, of.task === "regression" && of.spread > 0]);
  if (former === undefined || kind(former) !== kind(state))
    throw new ParamsError(
      `network.fit: warmStart must have been fitted for the output "${state.name}" with the same task, classes and scale`,
    );
}

function classTarget(
  output: Extract<Output, { task: "classification" }>,
  { values, classes }: ReadTarget,
  units: number,
  known: Uint32Array,
): [Target, NetworkOutputState] {
  const { name, task } = output;
  const classWeights = weigh(output, values, classes?.map(String), units, known);
  const state = { name, task, units, classes: classes ?? null, center: 0, spread: 1, isLog: false };
  return [{ output, units, values, classWeights, unscale: (value) => value, dex: undefined }, state];
}

/** Weights of classes: as given by label, or so that each class has the same sum over the rows to learn from. */
function weigh(
  { name, classWeight }: Extract<Output, { task: "classification" }>,
  codes: Float64Array,
  labels: readonly string[] | undefined,
  units: number,
  known: Uint32Array,
): Float64Array | undefined {
  if (classWeight === "none") return undefined;
  if (classWeight === "balanced") {
    const counts = new Float64Array(units);
    for (const row of known) counts[codes[row]!]!++;
    return counts.map((count) => (count > 0 ? known.length / (units * count) : 0));
  }
  if (!labels)
    throw new ParamsError(`network.fit: class weights by label need the network to be fitted by itself, not within another`);
  for (const label of Object.keys(classWeight))
    if (!labels.includes(label))
      throw new ParamsError(`network.fit: output "${name}" has no class "${label}" to weigh${suggest(label, labels)}`);
  return Float64Array.from(labels, (label) => classWeight[label] ?? 1);
}

function numberTarget(
  output: RegressionOutput,
  given: Float64Array,
  known: Uint32Array,
  former: NetworkOutputState | undefined,
): [Target, NetworkOutputState] {
  const { name, task, scale } = output;
  const isLog = scale === "log10";
  const below = isLog ? given.findIndex((value) => !(value > 0)) : -1;
  if (below >= 0)
    throw new DataError(`network.fit: output "${name}" must be > 0 for its logarithm, got ${given[below]} in row ${below}`);
  const plain = isLog ? given.map(Math.log10) : given;
  let center = former?.center ?? 0;
  let spread = former?.spread ?? 1;
  if (scale !== "none" && !former) {
    for (const row of known) center += plain[row]! / known.length;
    let squares = 0;
    for (const row of known) squares += ((plain[row]! - center) * (plain[row]! - center)) / known.length;
    spread = Math.sqrt(squares); // 0 for a constant target, which is then answered whatever the weights
  }
  const state: NetworkOutputState = { name, task, units: 1, classes: null, center, spread, isLog };
  const values = plain.map((value) => (value - center) / (spread || 1));
  return [{ output, units: 1, values, unscale: unscaler(state), dex: isLog ? spread : undefined }, state];
}

/** From a head's sum to the target's own units. */
export function unscaler({ center, spread, isLog }: NetworkOutputState): (value: number) => number {
  return isLog ? (value) => Math.exp(Math.LN10 * (center + spread * value)) : (value) => center + spread * value;
}
