import type { Crew } from "../../base/crew.ts";
import type { ColumnBins } from "./bins.ts";
import { operation } from "./crew.ts";
import type { SharedFit } from "./workspace.ts";

/** Finds the bins of all columns, lays out their histograms, and bins all rows. O(m log m) a column for its sample of m values, O(n d log bins) for the rows. */
export function binColumns({ memory, workspace: at, codeBins }: SharedFit, crew: Crew, checkpoint: () => void): ColumnBins[] {
  const bytes = new Uint8Array(memory.buffer);
  const words = new Int32Array(memory.buffer);
  const numbers = new Float64Array(memory.buffer);
  for (let first = 0; first < at.columns; first += 4095) {
    numbers[at.told / 8] = first;
    crew.run(operation.findBins, Math.min(4095, at.columns - first));
  }
  let offset = 0;
  const bins: ColumnBins[] = [];
  for (let f = 0; f < at.columns; f++) {
    const count = bytes[at.missingBins + f]!;
    const place = at.uppers / 8 + 256 * f;
    const map = codeBins[f];
    words[at.offsets / 4 + f] = offset;
    offset += 16 * (count + 1);
    bins.push(
      map
        ? { kind: "category", categories: categoriesOf(map, count) }
        : { kind: "number", uppers: numbers.slice(place, place + count) },
    );
  }
  words[at.offsets / 4 + at.columns] = offset;
  checkpoint();
  crew.run(operation.binRows, Math.ceil((at.rows + at.validationRows) / at.pieceRows));
  return bins;
}

/** The category of each bin. */
function categoriesOf(map: Uint8Array, count: number): Int32Array {
  const categories = new Int32Array(count);
  for (const [category, bin] of map.entries()) if (bin < count) categories[bin] = category;
  return categories;
}
