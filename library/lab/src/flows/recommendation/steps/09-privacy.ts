import type { EtlPrivacy } from "../../../contract/etl.ts";
import type { Engine } from "../../../engine/index.ts";
import { dimensions } from "../columns.ts";
import { merge } from "./04-merge.ts";
import { clean } from "./08-clean.ts";
import { columnList, joinedText } from "./portable-sql.ts";
import type { EtlPlan, EtlStep } from "./step.ts";

/** People on whom linkage is measured at most. */
const linkageMost = 1000;
/** What a row of somebody says of them by its moment. */
const ofMoment = "s.user_no = r.user_no and s.valid_from <= r.shown_at and s.valid_to > r.shown_at";
/** What either share may be at most for the dataset to be called anonymised. */
const shareMost = 0.05;

/**
 * Takes people's ids away: a keyed hash stands for each, regions and age groups that few share become "other",
 * and the few who are still too few are left out: people are alike who share age group, region and every segment that their rows carry. Then it
 * measures how far that leads: k-anonymity over age group, region and segment, row by row; singling out by all attributes, of the newest row, with
 * the day of registration, which the tenure tells; linkage by two known interactions.
 */
export const privacy: EtlStep = {
  number: 9,
  name: "privacy",
  reads: {
    people: merge.writes["people"]!,
    rows: clean.writes["rows"]!,
    clean_user_states: clean.writes["clean_user_states"]!,
  },
  writes: {
    carried: { user_no: "INTEGER", segment: "VARCHAR" },
    masked: {
      user_no: "INTEGER",
      user_key: "VARCHAR",
      age_group: "VARCHAR",
      region: "VARCHAR",
      created_at: "TIMESTAMP",
      onboarded_at: "TIMESTAMP",
      travel_style: "VARCHAR",
      preferred_season: "VARCHAR",
    },
  },
  settings: ({ k_anonymity, until, random_seed }) => [k_anonymity, until, random_seed],
  async run({ engine, write, keep, plan, hashKey, log }) {
    const k = plan.k_anonymity;
    const crowd = "count(*) over (partition by age_group, region, segments, segment_sum)";
    const { user_key, age_group, region, ...ofPerson } = privacy.writes["masked"]!;
    const shared = { ...ofPerson, id: "", age_group: "", region: "", segments: "", segment_sum: "" };
    const orOther = (name: string): string =>
      columnList(shared, { [name]: `case when ${crowd} >= ${k} then ${name} else 'other' end` });
    await write(
      "carried",
      `select distinct r.user_no, coalesce(s.segment, 'UNKNOWN') as segment from rows r left join clean_user_states s on ${ofMoment}`,
    );
    // whoever has as many segments with the same sum of numbers drawn of their names has the same segments
    const number = `cast(floor(${engine.dialect.fraction("segment")} * 4294967296) as bigint)`;
    const kept = await write(
      "masked",
      `with sets as (select user_no, count(*) as segments, sum(${number}) as segment_sum from carried group by user_no),
         grouped as (select ${columnList(ofPerson, {}, "p")}, p.id, ${ageGroup(plan)} as age_group, coalesce(p.region, 'unknown') as region,
           s.segments, s.segment_sum from people p join sets s on s.user_no = p.user_no),
         wide as (select ${orOther("region")} from grouped),
         wider as (select ${orOther("age_group")} from wide),
         counted as (select *, ${crowd} as sharing from wider)
       select *, ${engine.dialect.keyedHash("id", hashKey)} as user_key from counted where sharing >= ${k}`,
    );
    const all = await figure(engine, "select count(distinct user_no) as n from rows");
    const figures = await measure(engine, plan, all - kept);
    await keep("privacy", figures);
    log(
      `${figures.word}: ${figures.people} people, k ${figures.k} (wanted ${figures.k_wanted}), singling out ${percent(figures.singling_out)}, linkage ${percent(figures.linkage)} of ${figures.measured_on}`,
    );
  },
};

function ageGroup({ until }: EtlPlan): string {
  const age = `(${until.getUTCFullYear()} - year(p.birth_date))`;
  const steps = [
    ["under 18", 18],
    ["18-24", 25],
    ["25-34", 35],
    ["35-44", 45],
    ["45-54", 55],
    ["55-64", 65],
  ] as const;
  return `case when p.birth_date is null then 'unknown' ${steps.map(([name, below]) => `when ${age} < ${below} then '${name}'`).join(" ")} else '65+' end`;
}

/** One number of `select … as n`. */
async function figure(engine: Engine, query: string): Promise<number> {
  return Number((await engine.sql(query))[0]!["n"] ?? 0);
}

async function measure(
  engine: Engine,
  { k_anonymity: wanted, random_seed: seed }: EtlPlan,
  suppressed: number,
): Promise<EtlPrivacy> {
  const groups =
    "select count(*) as size from masked m join carried c on c.user_no = m.user_no group by age_group, region, segment";
  const people = await figure(engine, "select count(*) as n from masked");
  const names = dimensions.map(([name]) => `"${name}"`).join(", ");
  const vector = dimensions.map(([name]) => `round(s."${name}", 2) as "${name}"`).join(", ");
  const alone = await figure(
    engine,
    `with newest as (select user_no, max(shown_at) as shown_at from rows group by user_no),
       told as (select m.age_group, m.region, m.travel_style, m.preferred_season, cast(m.created_at as date) as created_on, s.segment, ${vector}
         from newest r join masked m on m.user_no = r.user_no left join clean_user_states s on ${ofMoment})
     select coalesce(sum(size), 0) as n from (select count(*) as size from told
       group by age_group, region, travel_style, preferred_season, created_on, segment, ${names}) alike where size = 1`,
  );
  const known = `select distinct user_no, item_no, shown_on from rows where not is_negative_sample and user_no in (select user_no from masked)`;
  const draw = (...values: string[]): string => engine.dialect.fraction(joinedText(...values, seed));
  const [linked] = await engine.sql(
    `with known as (${known}),
       several as (select user_no from known group by user_no having count(*) >= 2),
       asked as (select user_no from several order by ${draw("user_no", "'linkage'")} limit ${linkageMost}),
       placed as (select user_no, item_no, shown_on, row_number() over (partition by user_no
         order by ${draw("user_no", "item_no", "shown_on")}) as place from known where user_no in (select user_no from asked)),
       fits as (select p.user_no, k.user_no as other from placed p join known k on k.item_no = p.item_no and k.shown_on = p.shown_on
         where p.place <= 2 group by p.user_no, k.user_no having count(*) = 2)
     select count(*) as people, count(*) filter (where fitting = 1) as alone from (select user_no, count(*) as fitting from fits group by user_no) found`,
  );
  const figures = {
    people,
    k: await figure(engine, `select min(size) as n from (${groups}) sizes`),
    k_wanted: wanted,
    suppressed,
    generalised: await figure(engine, "select count(*) as n from masked where region = 'other' or age_group = 'other'"),
    singling_out: people === 0 ? 0 : alone / people,
    linkage: Number(linked!["people"]) === 0 ? 0 : Number(linked!["alone"]) / Number(linked!["people"]),
    measured_on: Number(linked!["people"]),
  };
  const passes = figures.k >= wanted && figures.singling_out <= shareMost && figures.linkage <= shareMost;
  return { word: passes ? "anonymised" : "pseudonymised", ...figures };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
