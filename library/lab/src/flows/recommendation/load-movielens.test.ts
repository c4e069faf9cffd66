import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { v7 as uuidv7 } from "uuid";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Opened } from "../../projects/index.ts";
import { testSession } from "../../testing/test-session.ts";
import { loadMovielens } from "./load-movielens.ts";
import { movielensMapping } from "./mappings.ts";
import { readEtlSettings } from "./start-etl.ts";
import { storeEtl } from "./stored-etl.ts";

let opened: Opened;
let folder: string;
const people = 60;
const films = 40;
const begin = Date.UTC(2018, 0, 1) / 1000;
beforeAll(async () => {
  opened = await testSession();
  folder = await mkdtemp(join(tmpdir(), "ml-"));
  const ratings = Array.from({ length: people * 20 }, (_, k) => {
    const [user, turn] = [k % people, Math.floor(k / people)];
    return `${user + 1},${1 + ((user * 7 + turn * 3) % films)},${[0.5, 2, 3, 3.5, 4, 4.5, 5, 1][(user + turn) % 8]},${begin + k * 3600}`;
  });
  await writeFile(join(folder, "ratings.csv"), ["userId,movieId,rating,timestamp", ...ratings, ""].join("\n"));
  const movies = Array.from({ length: films }, (_, k) => `${k + 1},"Film, ""the ${k}""",${["Drama|War", "Comedy"][k % 2]}`);
  await writeFile(join(folder, "movies.csv"), ["movieId,title,genres", ...movies, ""].join("\n"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await opened.close();
});

test("files of MovieLens become tables, whole, once", async () => {
  expect(await loadMovielens(folder)).toEqual({ ratings: people * 20, users: people, movies: films });
  const { rows } = await sql<{ title: string; genre: string; rated_at: Date }>`select title, genre, rated_at
    from movielens.ratings join movielens.movies using (movie_id) order by rated_at limit 1`.execute(opened.session.db);
  expect(rows).toEqual([{ title: 'Film, "the 0"', genre: "Drama", rated_at: new Date(begin * 1000) }]);
  await expect(loadMovielens(folder)).rejects.toThrow("say replace to load it anew");
  expect((await loadMovielens(folder, { replace: true }))["movies"]).toBe(films);
});

test("the ETL makes a dataset of them by their mapping", async () => {
  const until = new Date((begin + people * 20 * 3600) * 1000).toISOString();
  const settings = readEtlSettings({ mapping: movielensMapping, until, window_days: 60 });
  const sizes = { trainBytes: 1000, testBytes: 100 };
  const { run } = await storeEtl(opened.session, settings, { id: uuidv7(), jobId: null, sizes });
  expect(run.checks.filter(({ passed }) => !passed).map(({ message }) => message)).toEqual([]);
  expect(run.run_status).toBe("completed");
});

test("a file without a column that is needed is refused by name, and nothing is changed", async () => {
  await writeFile(join(folder, "movies.csv"), "movieId,name\n1,One\n");
  await expect(loadMovielens(folder, { replace: true })).rejects.toThrow(/movies\.csv lacks title, genres, it has movieId, name/);
  const { rows } = await sql<{ n: string }>`select count(*) as n from movielens.movies`.execute(opened.session.db);
  expect(Number(rows[0]!.n)).toBe(films);
});
