/**
 * The complementary error function times exp(x²), for x ≥ 0.46875; relative error below 1e-15.
 * Source: Cody (1969), "Rational Chebyshev approximations for the error function", Mathematics of Computation 23.
 */
function scaledErfc(x: number): number {
  if (x <= 4) {
    let above = middleAbove[8]! * x;
    let below = x;
    for (let k = 0; k < 7; k++) {
      above = (above + middleAbove[k]!) * x;
      below = (below + middleBelow[k]!) * x;
    }
    return (above + middleAbove[7]!) / (below + middleBelow[7]!);
  }
  const y = 1 / (x * x);
  let above = farAbove[5]! * y;
  let below = y;
  for (let k = 0; k < 4; k++) {
    above = (above + farAbove[k]!) * y;
    below = (below + farBelow[k]!) * y;
  }
  const correction = (y * (above + farAbove[4]!)) / (below + farBelow[4]!);
  return (inverseRootPi - correction) / x;
}

/** erf of |x| ≤ 0.46875. */
function smallErf(x: number): number {
  const y = x * x;
  let above = nearAbove[4]! * y;
  let below = y;
  for (let k = 0; k < 3; k++) {
    above = (above + nearAbove[k]!) * y;
    below = (below + nearBelow[k]!) * y;
  }
  return (x * (above + nearAbove[3]!)) / (below + nearBelow[3]!);
}

const near = 0.46875;

/** Share of the standard normal distribution below z, exact in both tails: relative error below 1e-14. About 10 ns. */
export function normalShare(z: number): number {
  const x = -z * rootHalf;
  if (Math.abs(x) <= near) return 0.5 - 0.5 * smallErf(x);
  const tail = 0.5 * scaledErfc(Math.abs(x)) * Math.exp(-x * x);
  return x > 0 ? tail : 1 - tail;
}

/** Logarithm of the share of the standard normal distribution below z, far into the left tail. */
export function logNormalShare(z: number): number {
  const x = -z * rootHalf;
  if (x > near) return Math.log(0.5 * scaledErfc(x)) - x * x;
  if (x >= -near) return Math.log(0.5 - 0.5 * smallErf(x));
  return Math.log1p(-0.5 * scaledErfc(-x) * Math.exp(-x * x));
}

/** Logarithm of the standard normal distribution's mass between a ≤ b, without cancellation in the tails. */
export function logNormalMass(a: number, b: number): number {
  if (b <= 0) return leftMass(a, b);
  if (a > 0) return leftMass(-b, -a);
  return Math.log1p(-normalShare(a) - normalShare(-b));
}

function leftMass(a: number, b: number): number {
  const [low, high] = [logNormalShare(a), logNormalShare(b)];
  return high + Math.log1p(-Math.exp(low - high));
}

const rootHalf = Math.SQRT1_2;
const inverseRootPi = 0.5641895835477563;
const nearAbove = [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315];
const nearBelow = [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const middleAbove = [
  0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
  2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
];
const middleBelow = [
  15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
  3439.3676741437216, 1230.3393548037495,
];
const farAbove = [
  0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
  0.016315387137302097,
];
const farBelow = [2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918];
