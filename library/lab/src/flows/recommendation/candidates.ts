import * as ml from "assay";
import type { ItemFacts } from "./read-interactions.ts";

/** Which items may be answered: undefined where all may. */
interface Candidates {
  /** Of the items that the model knows. */
  readonly ofModel: ml.ItemSet | undefined;
  /** Of those whose facts are known, by their places: 1 for each that may. */
  readonly ofFacts: Uint8Array | undefined;
}

/** The items of a category and a region. Throws ParamsError for one that no item has. */
export type FindCandidates = (category: string | undefined, region: string | undefined) => Candidates;

/** Finds the items of categories and regions; what was found once is kept as sets. */
export function findCandidates(model: ml.RecommenderModel, items: readonly ItemFacts[]): FindCandidates {
  const found = new Map<string, Candidates>();
  const categories = valuesOf(items, "category");
  const regions = valuesOf(items, "region");
  return (category, region) => {
    if (category === undefined && region === undefined) return { ofModel: undefined, ofFacts: undefined };
    refuseUnknown("category", category, categories);
    refuseUnknown("region", region, regions);
    const key = JSON.stringify([category, region]);
    let candidates = found.get(key);
    if (!candidates) {
      const isOne = (item: ItemFacts): boolean =>
        (category === undefined || item.category === category) && (region === undefined || item.region === region);
      const ids = items.filter(isOne).map(({ id }) => id);
      candidates = { ofModel: ml.itemSet(model, ids), ofFacts: Uint8Array.from(items, (item) => (isOne(item) ? 1 : 0)) };
      found.set(key, candidates);
    }
    return candidates;
  };
}

function valuesOf(items: readonly ItemFacts[], of: "category" | "region"): ReadonlySet<string> {
  return new Set(items.map((item) => item[of]).filter((value) => value !== null));
}

function refuseUnknown(field: "category" | "region", value: string | undefined, there: ReadonlySet<string>): void {
  if (value === undefined || there.has(value)) return;
  const near = ml.suggest(value, [...there]);
  throw Object.assign(new ml.ParamsError(`recommend: no item is of ${field} "${value}"${near}`), { field, value });
}
