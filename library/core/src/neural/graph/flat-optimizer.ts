/** What an optimizer needs to know. */
export interface OptimizerParams {
  readonly optimizer: "adam" | "sgd" | "rmsprop";
  readonly momentum: number;
  /** 0: none. */
  readonly clipNorm: number;
}

/** The optimizer's own numbers; two for each weight at most. */
export interface OptimizerState {
  readonly steps: number;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** A state at the beginning, for so many weights. */
export function firstState(weights: number, { optimizer }: OptimizerParams): OptimizerState {
  const size = (needed: boolean): Float32Array => new Float32Array(needed ? weights : 0);
  return { steps: 0, first: size(optimizer !== "rmsprop"), second: size(optimizer !== "sgd") };
}

/**
 * One step down the gradient, over all weights as one vector; changes weights and moments in place and answers the new state.
 * Source: Kingma & Ba (2015), Adam, algorithm 1, with the order of section 2's end; Tieleman & Hinton (2012), RMSProp; Nesterov (1983).
 */
export function stepDown(
  weights: Float32Array,
  gradient: Float32Array,
  rate: number,
  params: OptimizerParams,
  { steps, first, second }: OptimizerState,
): OptimizerState {
  const share = params.clipNorm === 0 ? 1 : Math.min(1, params.clipNorm / norm(gradient));
  if (params.optimizer === "adam") adam(weights, gradient, share, rate, first, second, steps + 1);
  else if (params.optimizer === "sgd") descend(weights, gradient, share, rate, first, params.momentum);
  else rmsprop(weights, gradient, share, rate, second);
  return { steps: steps + 1, first, second };
}

function adam(
  weights: Float32Array,
  gradient: Float32Array,
  share: number,
  rate: number,
  first: Float32Array,
  second: Float32Array,
  step: number,
): void {
  const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-7];
  const size = (rate * Math.sqrt(1 - power(beta2, step))) / (1 - power(beta1, step));
  for (let i = 0; i < gradient.length; i++) {
    const g = share * gradient[i]!;
    const m = beta1 * first[i]! + (1 - beta1) * g;
    const v = beta2 * second[i]! + (1 - beta2) * g * g;
    first[i] = m;
    second[i] = v;
    weights[i]! -= (size * m) / (Math.sqrt(v) + epsilon);
  }
}

function descend(
  weights: Float32Array,
  gradient: Float32Array,
  share: number,
  rate: number,
  velocity: Float32Array,
  momentum: number,
): void {
  for (let i = 0; i < gradient.length; i++) {
    const down = rate * share * gradient[i]!;
    const speed = momentum * velocity[i]! - down;
    velocity[i] = speed;
    weights[i]! += momentum * speed - down;
  }
}

function rmsprop(weights: Float32Array, gradient: Float32Array, share: number, rate: number, second: Float32Array): void {
  for (let i = 0; i < gradient.length; i++) {
    const g = share * gradient[i]!;
    const v = 0.9 * second[i]! + 0.1 * g * g;
    second[i] = v;
    weights[i]! -= (rate * g) / (Math.sqrt(v) + 1e-7);
  }
}

/** A whole power by repeated squaring: the same bits everywhere. */
function power(base: number, exponent: number): number {
  let product = 1;
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2), square *= square)
    if (left % 2 === 1) product *= square;
  return product;
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}
