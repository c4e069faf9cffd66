import { type Random, random } from "assay";
import type { Disposition } from "./columns.ts";

const header = ["kepid", "period", "duration", "depth", "impact", "snr", "steff", "srad", "slogg", "tmag", "label"];
const codes: Readonly<Record<Disposition, number>> = { CANDIDATE: 0, CONFIRMED: 1, "FALSE POSITIVE": 2 };

/** How many signals, and from which seed. */
export interface ExampleOptions {
  /** Default 1,200. */
  readonly rows?: number;
  /** Default 42. */
  readonly seed?: number;
}

/**
 * CSV text of made-up transit signals in the flow's columns, for trying things out: planets, candidates, and eclipses and noise that look like
 * them, one to four signals a star. Orbits obey Kepler's third law; nothing here was ever observed. The shipped `exoplanets.csv` is this text.
 */
export function exampleSignals({ rows = 1200, seed = 42 }: ExampleOptions = {}): string {
  const draw = random(seed, "exoplanet-example");
  const lines = [
    "# Made-up transit signals in the columns of Assay's exoplanet flow: generated, never observed",
    header.join(","),
  ];
  for (let made = 0, star = 1; made < rows; star++) {
    const host = makeStar(draw);
    const signals = Math.min(draw.float() < 0.15 ? 2 + draw.int(3) : 1, rows - made);
    for (let k = 0; k < signals; k++, made++) lines.push([1_000_000 + star, ...signalOf(draw, host, k > 0)].map(text).join(","));
  }
  return `${lines.join("\n")}\n`;
}

interface Star {
  /** Kelvin. */
  readonly temperature: number;
  /** Solar radii and masses. */
  readonly radius: number;
  readonly mass: number;
  readonly magnitude: number;
}

function makeStar(draw: Random): Star {
  const temperature = Math.min(8500, Math.max(3300, 5650 + 650 * draw.normal()));
  const mass = Math.exp(1.1 * Math.log(temperature / 5772) + 0.1 * draw.normal());
  const swollen = draw.float() < 0.06 ? 1.3 : 0;
  return {
    temperature,
    mass,
    radius: mass * Math.exp(0.15 * draw.normal() + swollen),
    magnitude: Math.min(17, 14 + 1.2 * draw.normal()),
  };
}

/** One signal's cells behind the star's id. */
function signalOf(draw: Random, star: Star, isSibling: boolean): readonly (number | string)[] {
  const label = dispositionOf(draw, isSibling);
  const isEclipse = label === "FALSE POSITIVE" && draw.float() < 0.6;
  const isNoise = label === "FALSE POSITIVE" && !isEclipse;
  const period = Math.exp((isNoise ? 4 : isEclipse ? 1.2 : 2.4) + (label === "CANDIDATE" ? 0.5 : 0) + 1.2 * draw.normal());
  const impact = isEclipse ? 0.3 + 0.75 * draw.float() : 0.93 * draw.float();
  const earthRadii = Math.exp((isEclipse ? 2.9 : 0.75) + (isEclipse ? 0.7 : 0.5) * draw.normal());
  const ratio = Math.min(0.8, (earthRadii * 0.009168) / star.radius);
  const years = period / 365.25;
  const axis = (Math.cbrt(star.mass * years * years) * 215.1) / star.radius;
  const chord = Math.sqrt(Math.max(0.02, (1 + ratio) * (1 + ratio) - impact * impact));
  const share = Math.min(0.2, Math.asin(Math.min(1, chord / axis)) / Math.PI);
  const duration = period * 24 * share * Math.exp((isNoise ? 0.5 : 0.08) * draw.normal());
  const depth = ratio * ratio * 1e6 * (impact > 1 ? 0.4 : 1) * (1.1 + 0.1 * draw.float());
  const scatter = 55 * Math.exp(0.35 * (star.magnitude - 12));
  const clear = (depth / scatter) * Math.sqrt((1400 / period) * Math.max(0.2, duration / 6));
  const snr = isNoise ? 7 + 6 * draw.float() : Math.max(7.1, clear * (label === "CANDIDATE" ? 0.6 : 1));
  const gravity = 4.44 + Math.log10(star.mass / (star.radius * star.radius));
  return [
    period,
    Math.min(duration, period * 11),
    depth,
    impact,
    snr,
    star.temperature,
    star.radius,
    gravity,
    star.magnitude,
    codes[label],
  ];
}

/** About the shares of Kepler's table; a second signal of a star is seldom false. */
function dispositionOf(draw: Random, isSibling: boolean): Disposition {
  if (draw.float() < (isSibling ? 0.15 : 0.52)) return "FALSE POSITIVE";
  return draw.float() < 0.58 ? "CONFIRMED" : "CANDIDATE";
}

function text(value: number | string): string {
  return typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);
}
