import type { FitContext } from "../../base/contract.ts";
import type { Crew } from "../../base/crew.ts";
import { DataError } from "../../base/errors.ts";
import type { Matrix } from "../../numeric/matrix.ts";
import { random } from "../../numeric/random.ts";
import { type KernelMemory, openMemory } from "../../numeric/wasm.ts";
import { binColumns } from "./bin-columns.ts";
import type { ColumnBins } from "./bins.ts";
import type { BoostedTrees } from "./boosted-trees.ts";
import { TreeList } from "./collect.ts";
import { type DartSettings, Dropouts } from "./dart.ts";
import { Grower } from "./grow.ts";
import type { GrownNode, GrowSettings, Units } from "./grown-tree.ts";
import { rawScores } from "./predict.ts";
import { RowSampler, type SamplingSettings } from "./sampling.ts";
import { Scores } from "./scores.ts";
import { type CategorySettings, noBin, planWorkspace, type SharedFit, type Workspace } from "./workspace.ts";

const who = "hist_gradient_boosting.fit";

/** Units of derivatives beyond which their squared sums overflow, and below which they vanish. */
const largestUnit = 1e130;
const smallestUnit = 1e-140;

/** Fewer cells than this are not worth a thread. */
const cellsOfThread = 20_000;

/** Everything that boosting asks beside the rows. */
export interface BoostSettings extends Omit<GrowSettings, "categories">, SamplingSettings, CategorySettings {
  readonly nEstimators: number;
  readonly learningRate: number;
  readonly maxBins: number;
  readonly minDataInBin: number;
  /** Share of the columns that each tree may use. */
  readonly colsampleByTree: number;
  readonly dart: DartSettings | undefined;
  /** Iterations without a better score before it ends; undefined: no early stopping. */
  readonly patience: number | undefined;
  readonly seed: number;
}

/** What the loss asks of the loop. */
export interface LossDriver {
  readonly outputs: number;
  /** Start of each score (outputs). */
  readonly base: Float64Array;
  readonly rest: Pick<BoostedTrees, "objective" | "link" | "scale">;
  /** Whether derivatives are written to `workspace.given` rather than by kernels. */
  readonly given: boolean;
  /** Fills the quantised derivatives of every output. */
  derive(run: BoostRun): readonly Units[];
  /** Answers of leaves in place of −G / H. */
  renew?(run: BoostRun, output: number, nodes: readonly GrownNode[]): void;
  /** Score of the validation rows; smaller is better. */
  validate(run: BoostRun): number;
}

/** A boosting fit under way, as losses and samplers see it. */
export interface BoostRun {
  readonly at: Workspace;
  readonly memory: KernelMemory;
  readonly numbers: Float64Array;
  readonly crew: Crew;
  /** How much larger than the loss's a derivative may become (GOSS multiplies some). */
  readonly headroom: number;
  /** Runs an operation over all rows; gives the number of pieces. */
  overRows(wanted: number, ...told: number[]): number;
}

/** Rows as boosting takes them: which of x are grown on and which measure, and the targets of both in that order. */
export interface BoostRows {
  readonly x: Matrix;
  readonly order: Int32Array | undefined;
  readonly rows: number;
  readonly targets: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** What boosting answers: the trees, and the validation score after each iteration where there was one. */
interface Boosted {
  readonly trees: BoostedTrees;
  readonly history: Float64Array;
}

/** Boosts trees. O(n d) an iteration for each level. */
export function boost(
  given: BoostRows,
  settings: BoostSettings,
  loss: LossDriver,
  context: FitContext,
  former?: BoostedTrees,
): Boosted {
  const { x, rows, targets, weights } = given;
  const threads = Math.max(1, Math.min(context.threads, Math.ceil((rows * x.columns) / cellsOfThread)));
  const { workspace: at, layout } = planWorkspace({
    rows,
    validationRows: targets.length - rows,
    columns: x.columns,
    outputs: loss.outputs,
    threads,
    leaves: settings.numLeaves,
    weighted: weights !== undefined,
    given: loss.given,
  });
  const memory = openMemory(who, layout, rows);
  const numbers = new Float64Array(memory.buffer);
  numbers.set(targets, at.targets / 8);
  if (weights) numbers.set(weights, at.weights / 8);
  const shared: SharedFit = {
    memory,
    workspace: at,
    x: { rows: x.rows, columns: x.columns, data: x.data, levels: x.levels },
    order: given.order,
    maxBins: settings.maxBins,
    minDataInBin: settings.minDataInBin,
    codeBins: codeBins(x),
    categorySettings: categorySettings(settings),
  };
  const crew = context.crew("boosting", shared, threads);
  try {
    return new Booster(given, settings, loss, context, shared, crew, former).run();
  } finally {
    crew.end();
  }
}

/** Only these cross to the threads. */
function categorySettings({
  maxCatToOnehot,
  maxCatThreshold,
  catSmooth,
  catL2,
  minDataPerGroup,
}: BoostSettings): CategorySettings {
  return { maxCatToOnehot, maxCatThreshold, catSmooth, catL2, minDataPerGroup };
}

/** Room for the bin of every category code; undefined for columns of numbers. */
function codeBins({ columns, levels }: Matrix): (Uint8Array | undefined)[] {
  return Array.from({ length: columns }, (_, f) =>
    levels?.[f] ? new Uint8Array(new SharedArrayBuffer(levels[f].length)).fill(noBin) : undefined,
  );
}

/** A boosting fit that is not finished. */
interface UnfinishedBoosting {
  readonly trees: BoostedTrees;
  readonly history: Float64Array;
  readonly iterations: number;
}

class Booster implements BoostRun {
  readonly at: Workspace;
  readonly memory: KernelMemory;
  readonly numbers: Float64Array;
  readonly crew: Crew;
  readonly headroom: number;
  readonly #settings: BoostSettings;
  readonly #loss: LossDriver;
  readonly #context: FitContext;
  readonly #bins: ColumnBins[];
  readonly #grower: Grower;
  readonly #sampler: RowSampler;
  readonly #trees: TreeList;
  readonly #formerTrees: number;
  readonly #scores: Scores;
  readonly #dropouts: Dropouts | undefined;
  readonly #resumed: UnfinishedBoosting | undefined;

  constructor(
    given: BoostRows,
    settings: BoostSettings,
    loss: LossDriver,
    context: FitContext,
    shared: SharedFit,
    crew: Crew,
    former: BoostedTrees | undefined,
  ) {
    this.at = shared.workspace;
    this.memory = shared.memory;
    this.crew = crew;
    this.numbers = new Float64Array(shared.memory.buffer);
    this.#settings = settings;
    this.headroom = settings.goss ? Math.max(1, (1 - settings.goss.topRate) / settings.goss.otherRate) : 1;
    this.#loss = loss;
    this.#context = context;
    // dropouts leave their rounding in the scores, which the trees alone do not tell
    this.#resumed = settings.dart ? undefined : (context.snapshots?.from as UnfinishedBoosting | undefined);
    const begun = this.#resumed?.trees ?? former;
    this.#trees = new TreeList(begun);
    this.#formerTrees = former?.roots.length ?? 0;
    this.#bins = binColumns(shared, crew, context.checkpoint);
    this.#scores = new Scores(this.at, shared.memory, crew);
    this.#scores.start(loss.base, begun && rawScores(begun, given.x), given.order);
    this.#dropouts = settings.dart && new Dropouts(settings.dart, settings.seed, this.#scores, this.#trees);
    const categories = Uint8Array.from(shared.codeBins, (map) => (map ? 1 : 0));
    this.#grower = new Grower(this.at, shared.memory.buffer, crew, { ...settings, categories }, context.checkpoint);
    this.#sampler = new RowSampler(this.at, shared.memory.buffer, settings);
  }

  run(): Boosted {
    const { nEstimators, patience } = this.#settings;
    const { outputs, base, rest } = this.#loss;
    const measures = this.at.validationRows > 0;
    const history: number[] = Array.from(this.#resumed?.history ?? []);
    let best = history.reduce((least, score) => (score < least ? score : least), Infinity);
    let bestIteration = history.indexOf(best) + 1;
    for (let iterations = this.#resumed?.iterations ?? 0; iterations < nEstimators; iterations++) {
      this.#keep(iterations, history);
      this.#context.checkpoint();
      if (!this.#iterate(iterations)) break;
      if (!measures) {
        this.#context.checkpoint(iterations + 1, nEstimators);
        continue;
      }
      const score = this.#loss.validate(this);
      history.push(score);
      this.#context.checkpoint(iterations + 1, nEstimators, { validation: score });
      if (score < best) {
        best = score;
        bestIteration = iterations + 1;
      } else if (patience !== undefined && iterations + 1 - bestIteration >= patience) break;
    }
    const kept = patience !== undefined && measures ? bestIteration : this.#trees.roots.length;
    const trees = patience !== undefined && measures ? this.#formerTrees + kept * outputs : kept;
    this.#context.checkpoint(nEstimators, nEstimators);
    return { trees: this.#trees.state(trees, { ...rest, outputs, base }), history: Float64Array.from(history) };
  }

  /** Keeps the trees so far for a fit that goes on from here. */
  #keep(iterations: number, history: readonly number[]): void {
    if (this.#dropouts || iterations === (this.#resumed?.iterations ?? 0)) return;
    const { outputs, base, rest } = this.#loss;
    this.#context.snapshots?.keep(iterations, this.#settings.nEstimators, () => ({
      trees: this.#trees.state(this.#trees.roots.length, { ...rest, outputs, base }),
      history: Float64Array.from(history),
      iterations,
    }));
  }

  overRows(wanted: number, ...told: number[]): number {
    const pieces = Math.ceil(this.at.rows / this.at.pieceRows);
    this.numbers.set(told, this.at.told / 8);
    this.crew.run(wanted, pieces);
    return pieces;
  }

  /** Grows a tree for every output; false when none could be split. */
  #iterate(iteration: number): boolean {
    const dropped = this.#dropouts?.drop(iteration) ?? 0;
    const units = this.#loss.derive(this);
    checkUnits(units, iteration);
    const rows = this.#sampler.choose(iteration, units);
    const step = this.#settings.learningRate / (1 + dropped);
    const grown = units.map((unit, output) => {
      this.#sampler.fillIndex();
      const nodes = this.#grower.grow(
        rows,
        unit,
        this.#columnsOf(iteration, output),
        random(this.#settings.seed, `node/${iteration}/${output}`),
      );
      if (nodes.length > 1) this.#loss.renew?.(this, output, nodes);
      else nodes[0]!.value = 0;
      this.#scores.add(nodes, output, step, this.#sampler.takesAll && !this.#dropouts);
      return nodes;
    });
    if (grown.every((nodes) => nodes.length === 1)) {
      this.#dropouts?.restore(1);
      return false;
    }
    for (const [output, nodes] of grown.entries()) this.#trees.add(nodes, output, step, units[output]!, this.#bins);
    this.#dropouts?.keep(grown, step);
    this.#dropouts?.restore(dropped / (dropped + 1));
    return true;
  }

  #columnsOf(iteration: number, output: number): Uint8Array {
    const d = this.at.columns;
    const share = this.#settings.colsampleByTree;
    if (share >= 1) return new Uint8Array(d).fill(1);
    const allowed = new Uint8Array(d);
    const order = random(this.#settings.seed, `columns/${iteration}/${output}`).permutation(d);
    for (const f of order.subarray(0, Math.max(1, Math.ceil(d * share)))) allowed[f] = 1;
    return allowed;
  }
}

/** Throws DataError where gains would overflow, or vanish before anything was learned. */
function checkUnits(units: readonly Units[], iteration: number): void {
  const refuse = (what: string): never => {
    throw new DataError(`${who}: the loss's derivatives ${what} at iteration ${iteration}; scale the target or the weights`);
  };
  for (const { g, h } of units) {
    if (!(g < largestUnit && h < largestUnit)) refuse("overflow");
    if (iteration === 0 && g < smallestUnit) refuse("vanish");
  }
}
