import { type Matrix, sharedFloat64, type Table } from "assay";
import { type Quantity, quantities } from "./columns.ts";
import { impactOf } from "./impact.ts";
import { curvePoints, transitCurves } from "./transit-curve.ts";

/** Signals as the network takes them. */
interface NetworkInputs {
  /** Heights of the transit curves (n × 2,001): asinh(ppm below 1 / 20) / 10, so that 20 ppm and half the light are both seen. */
  readonly curve: Matrix;
  /** Impact, snr, temperature, radius, gravity and magnitude (n × 6), quantities of many sizes as logarithms. */
  readonly stars: Matrix;
}

/** What stands in for a missing signal-to-noise ratio. */
export interface Standins {
  readonly snr: number;
}

/** The median signal-to-noise of training rows; 10 where none is known. */
export function standinsOf(rows: Matrix): Standins {
  const column = quantities.indexOf("snr");
  const known = Float64Array.from({ length: rows.rows }, (_, i) => rows.data[i * rows.columns + column]!)
    .filter((value) => !Number.isNaN(value))
    .sort();
  return { snr: known.length === 0 ? 10 : known[Math.floor(known.length / 2)]! };
}

/** The nine quantities of a table (n × 9). */
export function quantitiesOf(table: Table): Matrix {
  const columns = quantities.map((name) => table.values(name));
  const data = sharedFloat64(table.rows * columns.length);
  for (const [j, values] of columns.entries())
    for (const [i, value] of values.entries()) data[i * columns.length + j] = value === null ? Number.NaN : Number(value);
  return { rows: table.rows, columns: columns.length, data, names: quantities };
}

const starNames = ["impact", "log_snr", "log_steff", "log_srad", "slogg", "tmag"] as const;
/** Beyond it an impact says no more: nothing of a planet's size touches the star. */
const impactMost = 2;

/**
 * Draws the curves of signals and gathers what the other input says. The period stands in no input: the curve is a curve over phase, whose width tells
 * duration ÷ period alone. A missing impact is derived from the timing, a missing snr the stand-in. Throws DataError naming the row.
 */
export function networkInputs({ rows, data, columns }: Matrix, { snr }: Standins): NetworkInputs {
  const signals = Array.from({ length: rows }, (_, i) => {
    const at = (name: Quantity): number => data[i * columns + quantities.indexOf(name)]!;
    const [periodDays, durationHours, depthPpm, srad, slogg] = [
      at("period"),
      at("duration"),
      at("depth"),
      at("srad"),
      at("slogg"),
    ];
    const given = at("impact");
    const impact = Number.isNaN(given) ? impactOf(periodDays, durationHours, depthPpm, srad, slogg) : given;
    return { periodDays, durationHours, depthPpm, impact, steff: at("steff"), slogg, srad, snr: at("snr"), tmag: at("tmag") };
  });
  const curves = transitCurves(signals, sharedFloat64(rows * curvePoints));
  for (let k = 0; k < curves.length; k++)
    if (curves[k] !== 1) curves[k] = heightOf(curves[k]!);
    else curves[k] = 0;
  const stars = sharedFloat64(rows * starNames.length);
  for (const [i, signal] of signals.entries()) {
    const noise = Number.isNaN(signal.snr) ? snr : signal.snr;
    const values = [
      Math.min(signal.impact, impactMost),
      Math.log10(noise),
      Math.log10(signal.steff),
      Math.log10(signal.srad),
      signal.slogg,
      signal.tmag,
    ];
    stars.set(values, i * starNames.length);
  }
  return {
    curve: { rows, columns: curvePoints, data: curves },
    stars: { rows, columns: starNames.length, data: stars, names: starNames },
  };
}

function heightOf(flux: number): number {
  return Math.asinh(((1 - flux) * 1e6) / 20) / 10;
}
