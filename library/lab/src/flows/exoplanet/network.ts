import * as ml from "assay";
import { z } from "zod";
import { type Architecture, architectures } from "../../contract/exoplanet.ts";
import { networkParams } from "./architectures.ts";
import { checkQuantities } from "./check-quantities.ts";
import { type Disposition, dispositions, quantities } from "./columns.ts";
import { endDiverging } from "./divergence.ts";
import { networkInputs, quantitiesOf, type Standins, standinsOf } from "./network-inputs.ts";

/** What the exoplanet network learns: the network itself, as a model file in a model file, and what missing values become. */
interface ExoplanetState {
  readonly network: Uint8Array;
  readonly standins: Standins;
}

const params = z.strictObject({
  architecture: z.enum(architectures).default("wide-stem").meta({ title: "Architecture" }),
  epochs: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .meta({ title: "Epochs", description: "At most; training ends when the validation loss rises." }),
  learningRate: z.number().gt(0).max(100).default(2e-3).meta({ title: "Learning rate", search: "log" }),
  seed: z.number().int().min(0).default(42).meta({ title: "Seed" }),
});

/**
 * The exoplanet network as an estimator of the registry: from the nine quantities of a signal to its label. It draws the transit curve of every row
 * itself. Models come from `trainExoplanets`; what else they say is asked by `predictSignals`.
 */
export const exoplanetNetwork = ml.classifier({
  name: "exoplanet_network",
  params,
  missing: true,
  fit(): ExoplanetState {
    throw new ml.ParamsError(
      "exoplanet_network: is trained by trainExoplanets(table), which splits by star and draws the curves",
    );
  },
  predictProba: (x, state) => ask(x, state).probabilities,
  check({ network, standins }: ExoplanetState, columns: number) {
    if (columns !== quantities.length)
      throw new ml.StoreError(`exoplanet_network: must have ${quantities.length} columns, got ${columns}`);
    if (!(network instanceof Uint8Array) || typeof standins?.snr !== "number" || !(standins.snr > 0))
      throw new ml.StoreError("exoplanet_network: the state holds no network");
  },
});

/** A trained exoplanet network. */
export type ExoplanetModel = ml.ClassifierModel<
  { architecture: Architecture; epochs: number; learningRate: number; seed: number },
  ExoplanetState,
  Disposition
>;

/** How the network is trained. */
export interface TrainExoplanetsOptions extends Pick<ml.FitOptions, "signal" | "observer" | "snapshots"> {
  readonly architecture?: Architecture;
  /** At most; default 20. */
  readonly epochs?: number;
  /** The highest of the schedule; default 0.002. */
  readonly learningRate?: number;
  /** Default 42. */
  readonly seed?: number;
}

/**
 * Trains the network of two inputs (transit curve of 2,001 points; impact, snr and the star) and three outputs (label, period, depth) on a checked table.
 * A tenth of the rows, whole stars, are kept back to stop early and to keep the best epoch. The curve is drawn from period, duration, depth
 * and impact: saying period and depth again checks the network, and discovers nothing. In phase only duration ÷ period is left, which with
 * the star's density gives the period by Kepler's third law to a factor of about 1.7. Throws DataError where the loss runs away.
 */
export async function trainExoplanets(
  table: ml.Table,
  {
    architecture = "wide-stem",
    epochs = 20,
    learningRate = 2e-3,
    seed = 42,
    observer,
    signal,
    snapshots,
  }: TrainExoplanetsOptions = {},
): Promise<ExoplanetModel> {
  const rows = quantitiesOf(table);
  checkQuantities(rows);
  const standins = standinsOf(rows);
  const { curve, stars } = networkInputs(rows, standins);
  const targets = {
    label: table.values("label") as Disposition[],
    period_out: numbers(table, "period"),
    depth_out: numbers(table, "depth"),
  };
  const untrained = ml.neuralNetwork(networkParams({ architecture, epochs, learningRate, seed }));
  const groups = table.values("star") as string[];
  const network = await endDiverging(learningRate, { observer, signal }, (watched) =>
    untrained.fit({ curve_input: curve, feat_input: stars }, targets, { groups, ...watched, ...(snapshots && { snapshots }) }),
  );
  return ml.decodeModel<ExoplanetModel>(
    ml.encodeModel({
      task: "classification",
      name: exoplanetNetwork.estimator,
      params: { architecture, epochs, learningRate, seed },
      columns: quantities.map((name) => ({ name })),
      target: "label",
      classes: network.classes,
      state: { network: ml.encodeModel(network), standins },
    }),
  );
}

function numbers(table: ml.Table, name: string): Float64Array {
  return Float64Array.from(table.values(name) as number[]);
}

/** What the network says of signals: probabilities of the labels (n × 3), periods in days, depths in ppm. */
export interface SignalAnswers {
  readonly probabilities: ml.Matrix;
  readonly period: Float64Array;
  readonly depth: Float64Array;
}

/** Every output of a network for rows of the nine quantities (n × 9), or a table that has them. Throws DataError naming the row. */
export function predictSignals(model: ml.Fitted, rows: ml.Matrix | ml.Table): SignalAnswers {
  return ask(rows instanceof ml.Table ? quantitiesOf(rows) : rows, model.state as ExoplanetState);
}

/** What an epoch came to: loss, accuracy, errors of each output, the same of the stars kept back as val_…, learning_rate. */
type EpochFigures = Readonly<Record<string, number>> & { readonly epoch: number };

/** How a training went, and which epoch's weights were kept. */
export interface TrainingHistory extends Pick<ml.NetworkState, "bestEpoch" | "backend" | "stopped"> {
  readonly history: readonly EpochFigures[];
}

/** How a training went, epoch by epoch. */
export function trainingHistory(model: ExoplanetModel): TrainingHistory {
  const { history, bestEpoch, backend, stopped } = networkOf(model.state).state;
  return { history: history.map((figures, k) => ({ ...figures, epoch: k + 1 })), bestEpoch, backend, stopped };
}

const networks = new WeakMap<ExoplanetState, ml.NetworkModel>();

/** The network inside a state, decoded once. */
function networkOf(state: ExoplanetState): ml.NetworkModel {
  let network = networks.get(state);
  if (!network) networks.set(state, (network = ml.decodeModel<ml.NetworkModel>(state.network)));
  return network;
}

/** Rows whose curves are in memory at once. */
const chunk = 1000;

function ask(x: ml.Matrix, state: ExoplanetState): SignalAnswers {
  checkQuantities(x);
  const network = networkOf(state);
  const probabilities = new Float64Array(x.rows * dispositions.length);
  const period = new Float64Array(x.rows);
  const depth = new Float64Array(x.rows);
  for (let from = 0; from < x.rows; from += chunk) {
    const rows = Math.min(chunk, x.rows - from);
    const part = { ...x, rows, data: x.data.subarray(from * x.columns, (from + rows) * x.columns) };
    const { curve, stars } = networkInputs(part, state.standins);
    const outputs = ml.networkOutputs(network, { curve_input: curve, feat_input: stars });
    probabilities.set(outputs["label"]!.probabilities!.data, from * dispositions.length);
    period.set(outputs["period_out"]!.values!, from);
    depth.set(outputs["depth_out"]!.values!, from);
  }
  return { probabilities: { rows: x.rows, columns: dispositions.length, data: probabilities }, period, depth };
}
