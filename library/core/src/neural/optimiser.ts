import { type Network, panelWidth } from "./network.ts";
import type { TrainingParams } from "./training.ts";

/** What moves the weights after each batch. */
interface Optimiser {
  /** Moves the weights by gradient · share + weight · penalty. */
  update(share: number, penalty: number): void;
  /** After each pass over the rows; `seen` counts all rows so far. */
  epochEnds(seen: number): void;
  /** When nothing improves: false where it is time to stop. */
  slowDown(): boolean;
  /** What it knows beside the network's moments; given to `goOn`, it goes on from there. */
  state(): readonly number[];
  goOn(state: readonly number[]): void;
}

/** The optimiser of a solver, its moments at 0. */
export function optimiser(network: Network, params: TrainingParams): Optimiser {
  return params.solver === "adam" ? adam(network, params) : momentumDescent(network, params);
}

/** The bytes of the weights and of the optimiser's moments, run after run: copied out, or written back. */
export function copyRuns(network: Network, written?: readonly Uint8Array[]): Uint8Array[] {
  const places = [...runs(network)].flatMap(({ at, first, second, bytes }) =>
    [at, first, second].map((place) => [place, bytes] as const),
  );
  return places.map(([place, bytes], k) => {
    const run = new Uint8Array(network.buffer, place, bytes);
    if (written) run.set(written[k]!);
    return run.slice();
  });
}

/** The runs of numbers that an optimiser moves: weights, which the penalty draws to 0, and intercepts, which it does not. */
function* runs(network: Network) {
  for (const { weights, bias, gradient, biasGradient, first, second, panels, inputs } of network.layers) {
    const bytes = (panels * panelWidth(network) * inputs * network.bits) / 8;
    yield { at: weights, gradient, first, second, bytes, isPenalised: true };
    yield {
      at: bias,
      gradient: biasGradient,
      first: first + bytes,
      second: second + bytes,
      bytes: 32 * panels,
      isPenalised: false,
    };
  }
}

function adam(network: Network, { learningRateInit, beta1, beta2, epsilon }: TrainingParams): Optimiser {
  const parts = [...runs(network)];
  let power1 = 1;
  let power2 = 1;
  return {
    update(share, penalty) {
      power1 *= beta1;
      power2 *= beta2;
      const rate = (learningRateInit * Math.sqrt(1 - power2)) / (1 - power1);
      for (const { at, gradient, first, second, bytes, isPenalised } of parts)
        network.kernel.adamStep(
          at,
          gradient,
          first,
          second,
          bytes,
          share,
          isPenalised ? penalty : 0,
          rate,
          beta1,
          beta2,
          epsilon,
        );
    },
    epochEnds() {},
    slowDown: () => false,
    state: () => [power1, power2],
    goOn([first, second]) {
      power1 = first!;
      power2 = second!;
    },
  };
}

function momentumDescent(network: Network, params: TrainingParams): Optimiser {
  const { learningRate, learningRateInit, powerT, momentum, nesterovsMomentum } = params;
  const parts = [...runs(network)];
  let rate = learningRateInit;
  return {
    update(share, penalty) {
      for (const { at, gradient, first, bytes, isPenalised } of parts)
        network.kernel.momentumStep(
          at,
          gradient,
          first,
          bytes,
          share,
          isPenalised ? penalty : 0,
          rate,
          momentum,
          nesterovsMomentum,
        );
    },
    epochEnds(seen) {
      if (learningRate === "invscaling") rate = learningRateInit * Math.exp(-powerT * Math.log(seen + 1));
    },
    slowDown() {
      if (learningRate !== "adaptive" || rate <= 1e-6) return false;
      rate /= 5;
      return true;
    },
    state: () => [rate],
    goOn([former]) {
      rate = former!;
    },
  };
}
