/** ln Γ(x) for x > 0, to 1e-14 of it. Source: Lanczos (1964), SIAM J. Numer. Anal. 1; coefficients of Godfrey (2001). */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const base = x + 6.5;
  const series = lanczos.reduce((sum, term, k) => sum + term / (x + k), 0.999_999_999_999_809_9);
  return (x - 0.5) * Math.log(base) - base + Math.log(2.506_628_274_631_000_7 * series);
}

const lanczos = [
  676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_1, -176.615_029_162_140_6, 12.507_343_278_686_905,
  -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
];

/** Regularised incomplete beta Iₓ(a, b). Source: Press et al. (2007), Numerical Recipes, §6.4. */
export function incompleteBeta(x: number, a: number, b: number): number {
  return Math.exp(logIncompleteBeta(x, a, b));
}

/** ln Iₓ(a, b) by its continued fraction (Lentz): small shares keep their digits where Iₓ itself would be 0. */
function logIncompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return -Infinity;
  if (x >= 1) return 0;
  if (x > (a + 1) / (a + b + 2)) return Math.log1p(-Math.min(1, incompleteBeta(1 - x, b, a)));
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a);
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let sum = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    sum *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    sum *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return Math.min(0, front + Math.log(sum));
}

/** ln of the share of a χ² law with `df` degrees of freedom above x. Source: Press et al. (2007), Numerical Recipes, §6.2. */
export function logChiSquareTail(x: number, df: number): number {
  if (!(x > 0)) return Number.isNaN(x) ? Number.NaN : 0;
  if (x === Infinity) return -Infinity;
  const a = df / 2;
  const z = x / 2;
  const front = a * Math.log(z) - z - logGamma(a);
  return z < a + 1
    ? Math.log1p(-Math.min(1, Math.exp(front) * lowerSeries(z, a)))
    : Math.min(0, front + Math.log(upperFraction(z, a)));
}

/** Σ zⁿ / (a (a + 1) … (a + n)). */
function lowerSeries(z: number, a: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= z / (a + n);
    sum += term;
  }
  return sum;
}

/** The continued fraction of Γ(a, z) e^z z^−a (Lentz). */
function upperFraction(z: number, a: number): number {
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let sum = d;
  for (let n = 1; n <= 100_000; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (step * d + b || 1e-300);
    c = b + step / c || 1e-300;
    sum *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return sum;
}

/** ln of the share of an F law with d₁ and d₂ degrees of freedom above f. Source: Abramowitz & Stegun (1964), 26.6.2. */
export function logFTail(f: number, d1: number, d2: number): number {
  if (!(f > 0)) return Number.isNaN(f) ? Number.NaN : 0;
  return f === Infinity ? -Infinity : logIncompleteBeta(d2 / (d2 + d1 * f), d2 / 2, d1 / 2);
}
