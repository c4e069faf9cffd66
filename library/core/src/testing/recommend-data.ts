import { type Table, table } from "../data/index.ts";
import { random } from "../numeric/random.ts";
import { type Interactions, interactions } from "../recommend/interactions.ts";

/** Columns of who took what, as the oracles' fixtures hold them. */
export interface TakenColumns {
  readonly user: readonly number[];
  readonly item: readonly number[];
  readonly value?: readonly number[];
}

/** A fixture's interactions. */
export function takenInteractions({ user, item, value }: TakenColumns): Interactions {
  return interactions(
    table({ user: [...user], item: [...item], ...(value && { value: [...value] }) }),
    value ? { value: "value" } : {},
  );
}

/**
 * A made-up shop: users of some tastes take items of their taste more often, and popular ones; names are texts, times run through the year 2024.
 */
export function shop(users = 120, items = 60, events = 2400, tastes = 3, seed = 1): Table {
  const stream = random(seed, "shop");
  const day = 86_400_000;
  const rows = { user: [] as string[], item: [] as string[], value: [] as number[], time: [] as Date[] };
  while (rows.user.length < events) {
    const user = stream.int(users);
    const item = Math.floor(items * stream.float() * stream.float());
    if (item % tastes !== user % tastes && stream.float() < 0.85) continue;
    rows.user.push(`u${user}`);
    rows.item.push(`i${item}`);
    rows.value.push(1 + stream.int(4));
    rows.time.push(new Date(Date.UTC(2024, 0, 1) + Math.floor(stream.float() * 366 * day)));
  }
  return table(rows);
}
