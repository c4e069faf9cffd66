import { DataError } from "assay";
import { datasetColumns, storedTypes } from "../columns.ts";
import { merge } from "./04-merge.ts";
import { features } from "./05-features.ts";
import { clean } from "./08-clean.ts";
import { privacy } from "./09-privacy.ts";
import { columnList, nearest, rounded } from "./portable-sql.ts";
import { type EtlStep, pick } from "./step.ts";

const stored = Object.fromEntries(datasetColumns.map(({ name, type }) => [name, storedTypes[type]]));

/** Brings rows and features together in the columns of the dataset, and parts them by time: the newest test. */
export const exportRows: EtlStep = {
  number: 10,
  name: "export",
  reads: {
    rows: clean.writes["rows"]!,
    masked: privacy.writes["masked"]!,
    catalogue: pick(merge.writes["catalogue"]!, "item_no", "id", "category", "region", "created_at"),
    clean_user_states: clean.writes["clean_user_states"]!,
    clean_item_states: clean.writes["clean_item_states"]!,
    user_days: features.writes["user_days"]!,
    item_days: features.writes["item_days"]!,
  },
  writes: { train: stored, test: stored },
  settings: ({ test_size }) => [test_size, datasetColumns],
  async run({ engine, write, plan }) {
    const train = 1 - plan.test_size;
    // the hour first: moments of one hour are few, of the whole window as many as rows
    const [found] = await engine.sql(
      `with hours as (select date_trunc('hour', shown_at) as hour, count(*) as n from rows group by 1),
         of_hours as (select hour, n, sum(n) over (order by hour) as so_far, sum(n) over () as whole from hours),
         cut_hour as (select hour, so_far - n as earlier, whole from of_hours where so_far >= ${train} * whole and so_far - n < ${train} * whole),
         moments as (select r.shown_at, count(*) as n, max(h.earlier) as earlier, max(h.whole) as whole
           from rows r join cut_hour h on h.hour = date_trunc('hour', r.shown_at) group by r.shown_at),
         running as (select shown_at, earlier + sum(n) over (order by shown_at) as so_far, whole from moments)
       select cast(min(shown_at) as string) as cut, max(whole) as n from running where so_far >= ${train} * whole`,
    );
    const cut = `timestamp '${found!["cut"]}'`;
    const all = Number(found!["n"]);
    for (const [table, side] of [
      ["train", `r.shown_at <= ${cut}`],
      ["test", `r.shown_at > ${cut}`],
    ] as const) {
      const rows = await write(table, assembled(side));
      if (rows === 0)
        throw new DataError(
          `etl: the ${table} rows are none of ${all}: they have too few moments to be parted by time (TEST_SIZE ${plan.test_size})`,
        );
    }
  },
};

/** The rows of the dataset whose moment is on one side. Every row has its two days: a join of them that is not a left one may be done first, day by day. */
function assembled(side: string): string {
  const columns = datasetColumns.map(({ name, type, sql }) => `${type === "number" ? rounded(sql, 4) : sql} as ${name}`);
  const { passengers, nights, ...others } = clean.writes["rows"]!;
  return `select ${columns.join(", ")}
    from (select ${columnList(others, {}, "r")}, ${nearest("r.passengers")} as passengers, ${nearest("r.nights")} as nights
      from rows r where ${side}) r
    join masked p on p.user_no = r.user_no
    join catalogue i on i.item_no = r.item_no
    left join clean_user_states us on us.user_no = r.user_no and us.valid_from <= r.shown_at and us.valid_to > r.shown_at
    left join clean_item_states vs on vs.item_no = r.item_no and vs.valid_from <= r.shown_at and vs.valid_to > r.shown_at
    left join user_days ud on ud.user_no = r.user_no and ud.day = r.shown_on
    left join item_days vd on vd.item_no = r.item_no and vd.day = r.shown_on`;
}
