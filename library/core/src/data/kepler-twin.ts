import { type Random, random } from "../numeric/random.ts";

const measured = [
  "koi_period",
  "koi_time0bk",
  "koi_impact",
  "koi_duration",
  "koi_depth",
  "koi_prad",
  "koi_teq",
  "koi_insol",
] as const;
const ofStar = ["koi_steff", "koi_slogg", "koi_srad"] as const;
const flags = ["koi_fpflag_nt", "koi_fpflag_ss", "koi_fpflag_co", "koi_fpflag_ec"] as const;
const names = ["kepid", "kepoi_name", "kepler_name", "koi_disposition", "koi_pdisposition", "koi_score"];
const header = [
  ...names,
  ...flags,
  ...measured.flatMap(withErrors),
  "koi_model_snr",
  "koi_tce_plnt_num",
  "koi_tce_delivname",
  ...ofStar.flatMap(withErrors),
  "ra",
  "dec",
  "koi_kepmag",
];

type Cell = string | number | null;
type Kind = "CONFIRMED" | "CANDIDATE" | "FALSE POSITIVE";

interface Star {
  readonly id: number;
  /** Effective temperature, K. */
  readonly temperature: number;
  /** Radius in solar radii. */
  readonly radius: number;
  /** Mass in solar masses. */
  readonly mass: number;
  /** Brightness in Kepler's band, magnitudes. */
  readonly magnitude: number;
  readonly ra: number;
  readonly dec: number;
}

/**
 * CSV text in the shape of NASA's Kepler Objects of Interest table, from the physics of transits: the same 49 columns, 53 comment
 * lines, several signals a star, missing values, two columns without a value, columns that leak the verdict.
 */
export function keplerTwin({ rows, seed }: { readonly rows: number; readonly seed: number }): string {
  const draw = random(seed, "kepler-twin");
  const lines = Array.from({ length: 53 }, (_, k) =>
    k === 0 ? "# Generated in the shape of the Kepler Objects of Interest" : `# line ${k + 1}`,
  );
  lines.push(header.join(","));
  for (let made = 0, star = 1; made < rows; star++) {
    const host = makeStar(draw, star);
    const signals = Math.min(1 + (draw.float() < 0.16 ? 1 + draw.int(4) : 0), rows - made);
    for (let k = 1; k <= signals; k++, made++) {
      const cells = signal(draw, host, made + 1, k);
      lines.push(header.map((name) => text(cells.get(name))).join(","));
    }
  }
  return `${lines.join("\n")}\n`;
}

function withErrors(name: string): string[] {
  return [name, `${name}_err1`, `${name}_err2`];
}

function makeStar(draw: Random, index: number): Star {
  const giant = draw.float() < 0.07;
  const temperature = giant ? 4700 + 300 * draw.normal() : Math.min(9000, Math.max(3200, 5700 + 650 * draw.normal()));
  const mass = Math.exp(1.1 * Math.log(temperature / 5772) + 0.1 * draw.normal());
  const radius = mass * Math.exp(0.15 * draw.normal() + (giant ? 1.5 : 0));
  const magnitude = Math.min(17, 14.2 + 1.3 * draw.normal());
  const id = 757_000 + index * 5_417 + draw.int(5_000);
  return { id, temperature, radius, mass, magnitude, ra: 280 + 21 * draw.float(), dec: 36.6 + 15.4 * draw.float() };
}

function signal(draw: Random, star: Star, number: number, planet: number): Map<string, Cell> {
  const kind = verdict(draw, planet);
  const eclipse = kind === "FALSE POSITIVE" && draw.float() < 0.55;
  const noise = kind === "FALSE POSITIVE" && !eclipse;
  const period = Math.exp(noise ? 4.2 + 1.7 * draw.normal() : eclipse ? 1.2 + 1.5 * draw.normal() : 2.4 + 1.2 * draw.normal());
  const impact = eclipse ? 0.3 + 0.9 * draw.float() : 0.95 * draw.float();
  const trueRadius = Math.exp(
    eclipse ? 3 + 0.8 * draw.normal() : noise ? 0.7 + 0.8 * draw.normal() : 0.75 + 0.55 * draw.normal(),
  );
  const ratio = (trueRadius * 0.009168) / star.radius;
  const depth = ratio * ratio * 1e6;
  const axis = Math.cbrt(star.mass * (period / 365.25) * (period / 365.25));
  const chord = Math.sqrt(Math.max(0.05, 1 + 2 * ratio - impact * impact));
  const duration =
    ((period * 24) / Math.PI) * ((star.radius * 0.00465) / axis) * chord * Math.exp((noise ? 0.5 : 0.12) * draw.normal());
  const equilibrium = star.temperature * Math.sqrt((star.radius * 0.00465) / (2 * axis));
  const brightness = star.temperature / 5772;
  const insolation = (star.radius * star.radius * brightness * brightness * brightness * brightness) / (axis * axis);
  const scatter = 60 * Math.exp(0.35 * (star.magnitude - 12));
  const snr = noise
    ? 7 + 6 * draw.float()
    : Math.max(7.1, (depth / scatter) * Math.sqrt((1400 / period) * Math.max(0.2, duration / 6)));
  const score = kind === "FALSE POSITIVE" ? 0.25 * draw.float() * draw.float() : 1 - 0.4 * draw.float() * draw.float();

  const values = {
    koi_period: period,
    koi_time0bk: 131 + Math.min(period, 350) * draw.float(),
    koi_impact: impact,
    koi_duration: duration,
    koi_depth: depth,
    koi_prad: trueRadius,
    koi_teq: equilibrium,
    koi_insol: insolation,
    koi_steff: star.temperature,
    koi_slogg: 4.44 + Math.log10(star.mass / (star.radius * star.radius)),
    koi_srad: star.radius,
  };
  const cells = new Map<string, Cell>([
    ["kepid", star.id],
    ["kepoi_name", `K${String(number).padStart(5, "0")}.${String(planet).padStart(2, "0")}`],
    ["kepler_name", kind === "CONFIRMED" ? `Twin-${number} ${"bcdefgh"[planet - 1]}` : null],
    ["koi_disposition", kind],
    ["koi_pdisposition", kind === "FALSE POSITIVE" ? kind : "CANDIDATE"],
    ["koi_score", draw.float() < 0.16 ? null : score],
    ["koi_model_snr", snr],
    ["koi_tce_plnt_num", planet],
    ["koi_tce_delivname", "generated_tce"],
    ["ra", star.ra],
    ["dec", star.dec],
    ["koi_kepmag", star.magnitude],
  ]);
  for (const [k, flag] of flags.entries())
    cells.set(flag, kind === "FALSE POSITIVE" && (k === (eclipse ? 1 : 0) || draw.float() < 0.15) ? 1 : 0);
  for (const [name, value] of Object.entries(values)) {
    cells.set(name, value);
    if (name === "koi_teq") continue;
    const error = 0.02 * Math.abs(value) * (0.5 + draw.float());
    cells.set(`${name}_err1`, error).set(`${name}_err2`, -error);
  }
  if (draw.float() < 0.038)
    for (const name of ["koi_impact", "koi_depth", "koi_prad", "koi_teq", "koi_insol", "koi_model_snr"]) cells.set(name, null);
  return cells;
}

/** Three verdicts at about the real table's shares; a second signal of a star is seldom false. */
function verdict(draw: Random, planet: number): Kind {
  const u = draw.float();
  if (u < (planet > 1 ? 0.15 : 0.56)) return "FALSE POSITIVE";
  return draw.float() < 0.58 ? "CONFIRMED" : "CANDIDATE";
}

function text(value: Cell | undefined): string {
  if (value === undefined || value === null) return "";
  return typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(8) : String(value);
}
