import { encode } from "../tuning/contains.ts";
import type { Distribution, ParamValue, Space } from "../tuning/distribution.ts";
import type { Trial } from "../tuning/trial.ts";

/** A tuning task as a table: what a model scored with parameters drawn evenly from a space. */
export interface Surface {
  readonly space: Space;
  readonly points: readonly (readonly ParamValue[])[];
  /** Greater is better. */
  readonly scores: readonly number[];
}

/** The negative score of the point that lies nearest, each parameter from 0 to 1 over its range. */
export function surfaceObjective({ space, points, scores }: Surface): (trial: Trial) => number {
  const entries = Object.values(space);
  const places = points.map((point) => point.map((value, j) => placeOf(entries[j]!, value)));
  return (trial) => {
    const params = trial.suggestAll(space);
    const at = Object.keys(space).map((name, j) => placeOf(entries[j]!, params[name]!));
    const distances = places.map((place) => place.reduce((sum, value, j) => sum + (value - at[j]!) * (value - at[j]!), 0));
    return -scores[distances.indexOf(Math.min(...distances))]!;
  };
}

function placeOf(distribution: Distribution, value: ParamValue): number {
  const code = encode(distribution, value);
  if (distribution.type === "categorical") return code;
  const scale = distribution.log ? Math.log : Number;
  const [low, high] = [scale(distribution.low), scale(distribution.high)];
  return (scale(code) - low) / (high - low);
}
