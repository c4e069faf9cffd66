/** How near the singular points of the closed form (z = p, z + p = 1) are stepped around. */
const step = 1e-7;

/**
 * Light that is left of a star when a dark disc of p stellar radii stands z stellar radii from its centre: 1 outside, 0 when all is covered.
 * Quadratic limb darkening u1, u2. Off the truth by at most 1e-7. O(1): the three elliptic integrals share one iteration.
 * Source: Mandel & Agol (2002), ApJ 580, L171, table 1. Oracle: batman 2.5 (Kreidberg 2015).
 */
export function transitFlux(z: number, p: number, u1: number, u2: number): number {
  if (z >= 1 + p || p <= 0) return 1;
  if (p >= 1 + z) return 0;
  if (Math.abs(z - p) < step) z = p + step;
  if (Math.abs(z + p - 1) < step) z = 1 - p + 2 * step;
  const a = (z - p) * (z - p);
  const b = (z + p) * (z + p);
  const q = p * p - z * z;
  const eta2 = 0.5 * p * p * (p * p + 2 * z * z);
  const factor = z * z + 7 * p * p - 4;
  let lambdaE: number;
  let lambdaD: number;
  let etaD: number;
  if (z < 1 - p) {
    const kc2 = (1 - b) / (1 - a);
    const ofK = 1 - 5 * z * z + p * p + q * q;
    const ofE = (1 - a) * factor;
    lambdaE = p * p;
    etaD = eta2;
    lambdaD = (2 * elliptic(kc2, ofK, ofE, -3 * (q / a), b / a)) / (9 * Math.PI * Math.sqrt(1 - a));
  } else {
    const kc2 = 1 - (1 - a) / (4 * p * z);
    const kappa0 = Math.acos(clamp((p * p + z * z - 1) / (2 * p * z)));
    const kappa1 = Math.acos(clamp((1 - p * p + z * z) / (2 * z)));
    const s = Math.sqrt(Math.max(0, (1 - a) * (b - 1)));
    const ofK = (1 - b) * (2 * b + a - 3) - 3 * q * (b - 2);
    const ofE = 4 * p * z * factor;
    lambdaE = (p * p * kappa0 + kappa1 - 0.5 * s) / Math.PI;
    etaD = (kappa1 + 2 * eta2 * kappa0 - 0.25 * (1 + 5 * p * p + z * z) * s) / (2 * Math.PI);
    lambdaD = elliptic(kc2, ofK, ofE, -3 * (q / a), 1 / a) / (9 * Math.PI * Math.sqrt(p * z));
  }
  const centre = p > z ? 2 / 3 : 0;
  const lost = (1 - u1 - 2 * u2) * lambdaE + (u1 + 2 * u2) * (lambdaD + centre) + u2 * etaD;
  return Math.min(1, Math.max(0, 1 - lost / (1 - u1 / 3 - u2 / 6)));
}

function clamp(cosine: number): number {
  return Math.min(1, Math.max(-1, cosine));
}

/** Where the iteration ends: the next term would be below a double's precision. */
const enough = 1e-8;

/**
 * ofK · K + ofE · E + ofPi · Π(n) of one modulus, kc² = 1 − k²: complete integrals of the three kinds by one run of Bulirsch's iteration,
 * whose square roots they share. Source: Bulirsch (1969), Numerische Mathematik 13, 305 (cel).
 */
function elliptic(kc2: number, ofK: number, ofE: number, ofPi: number, n: number): number {
  let kc = Math.sqrt(Math.max(kc2, 1e-30));
  let e = kc;
  let em = 1;
  // K and E: cel(kc, 1, ofK + ofE, ofK + ofE kc²)
  let p1 = 1;
  let a1 = ofK + ofE;
  let b1 = ofK + ofE * kc2;
  // Π: cel(kc, n, ofPi, ofPi)
  let p2 = Math.sqrt(n);
  let a2 = ofPi;
  let b2 = ofPi / p2;
  for (;;) {
    const f1 = a1;
    const r1 = 1 / p1;
    a1 += b1 * r1;
    b1 = 2 * (b1 + f1 * e * r1);
    p1 += e * r1;
    const f2 = a2;
    const r2 = 1 / p2;
    a2 += b2 * r2;
    b2 = 2 * (b2 + f2 * e * r2);
    p2 += e * r2;
    const g = em;
    em += kc;
    if (Math.abs(g - kc) <= g * enough) break;
    kc = 2 * Math.sqrt(e);
    e = kc * em;
  }
  return ((Math.PI / 2) * ((b1 + a1 * em) / (em + p1) + (b2 + a2 * em) / (em + p2))) / em;
}
