import { merge } from "./04-merge.ts";
import { labels } from "./06-labels.ts";
import { columnList, joinedText } from "./portable-sql.ts";
import { type EtlStep, pick } from "./step.ts";

/** Draws beyond those that are wanted: some fall on items that the user was shown. */
const spare = 4;
const { labelled } = labels.writes;

/**
 * Draws rows of items that were not shown, `negative_sample_ratio` to each that was clicked or booked: evenly among the items that the user could have
 * seen, which are those that were shown to somebody on that day, were in the catalogue at that moment, and were never shown to this
 * user in the window; an item that two of one moment draw is one row. A draw depends on the seed, the user, the item and the moment alone.
 */
export const negatives: EtlStep = {
  number: 7,
  name: "negative sampling",
  reads: { labelled: labelled!, catalogue: pick(merge.writes["catalogue"]!, "item_no", "created_at", "retired_at") },
  writes: {
    liked: labelled!,
    picked: { user_no: "INTEGER", liked: "INTEGER", shown_at: "TIMESTAMP", item_no: "INTEGER" },
    sampled: labelled!,
  },
  settings: ({ negative_sample_ratio, random_seed }) => [negative_sample_ratio, random_seed],
  async run({ write, engine, plan: { negative_sample_ratio: ratio, random_seed: seed } }) {
    const { dialect } = engine;
    const draw = dialect.fraction(joinedText("l.user_no", "l.item_no", dialect.milliseconds("l.shown_at"), "k", seed));
    const last = dialect.fraction(joinedText("user_no", "liked", dialect.milliseconds("shown_at"), "'last'", seed));
    const whole = Math.floor(ratio);
    const wanted = Math.ceil(ratio);
    const kept = `(nth <= ${whole} or (nth = ${whole + 1} and ${last} < ${ratio - whole}))`;
    /** So many draws for some rows: those that fall on an item that is free, the earlier of two that fall on the same, each with its place and how many there are. */
    const drawn = (draws: number, rows: string): string =>
      `select user_no, liked, shown_at, item_no, row_number() over (partition by user_no, liked, shown_at order by k) as nth,
         count(*) over (partition by user_no, liked, shown_at) as found
       from (select d.user_no, d.liked, d.shown_at, h.item_no, min(d.k) as k
         from (select l.user_no, l.item_no as liked, l.shown_at, l.shown_on, k, cast(floor(${draw} * s.size) as bigint) as place
           from ${rows} l join sizes s on s.shown_on = l.shown_on
           cross join (select * from (values ${Array.from({ length: draws }, (_, k) => `(${k})`).join(", ")}) as numbers(k)) d) d
         join shelf h on h.shown_on = d.shown_on and h.place = d.place
         join catalogue c on c.item_no = h.item_no
         left join labelled s on s.user_no = d.user_no and s.item_no = h.item_no
         where (c.created_at is null or c.created_at <= d.shown_at) and (c.retired_at is null or c.retired_at > d.shown_at) and s.user_no is null
         group by d.user_no, d.liked, d.shown_at, h.item_no) free`;
    await write("liked", `select * from labelled where engagement_score >= 3 and ${ratio} > 0`);
    // only keys, and spare draws for the few whose first did not do: what is drawn is many times what is kept
    await write(
      "picked",
      `with shelf as (select shown_on, item_no, row_number() over (partition by shown_on order by item_no) - 1 as place
           from (select distinct shown_on, item_no from labelled) each_day),
         sizes as (select shown_on, count(*) as size from shelf group by shown_on),
         firsts as (${drawn(Math.max(1, wanted), "liked")}),
         short as (select l.* from liked l
           left join (select user_no, liked, shown_at from firsts where found = ${wanted} and nth = 1) f
             on f.user_no = l.user_no and f.liked = l.item_no and f.shown_at = l.shown_at
           where f.user_no is null),
         others as (${drawn(wanted + spare, "short")})
       select user_no, min(liked) as liked, shown_at, item_no from (
         select user_no, liked, shown_at, item_no from firsts where found = ${wanted} and ${kept}
         union all
         select user_no, liked, shown_at, item_no from others where ${kept}) each_like
       group by user_no, shown_at, item_no`,
    );
    const unlike = {
      item_no: "p.item_no",
      position: "null",
      engagement_score: "0",
      booking_probability: "0",
      is_negative_sample: "true",
    };
    await write(
      "sampled",
      `select ${columnList(labelled!)} from labelled
       union all
       select ${columnList(labelled!, unlike, "l")} from picked p
         join liked l on l.user_no = p.user_no and l.item_no = p.liked and l.shown_at = p.shown_at`,
    );
  },
};
