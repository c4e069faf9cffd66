import { DataError, type Matrix } from "assay";
import { brokenRule, type Quantity, quantities } from "./columns.ts";

/** What can be derived, or stood in for. */
const mayBeMissing: readonly Quantity[] = ["impact", "snr"];

/**
 * Rows of the nine quantities (n × 9) of which curves can be drawn and the network asked. Throws DataError naming quantity, value and row for a number that is
 * missing or outside its range, and for a transit that is no part of its period.
 */
export function checkQuantities({ rows, columns, data }: Matrix): void {
  for (let i = 0; i < rows; i++) {
    const at = (name: Quantity): number => data[i * columns + quantities.indexOf(name)]!;
    for (const name of quantities) {
      const value = at(name);
      if (Number.isNaN(value)) {
        if (!mayBeMissing.includes(name)) throw wrong(`${name} is missing in row ${i}`, name, null);
        continue;
      }
      const broken = brokenRule(name, value);
      if (broken) throw wrong(`${name} ${broken}, got ${value} in row ${i}`, name, value);
    }
    const [duration, period] = [at("duration"), at("period")];
    if (duration / 24 >= period / 2)
      throw wrong(`a transit of ${duration} hours is no part of a period of ${period} days in row ${i}`, "duration", duration);
  }
}

function wrong(message: string, field: Quantity, value: number | null): DataError {
  return Object.assign(new DataError(`exoplanets: ${message}`), { field, value });
}
