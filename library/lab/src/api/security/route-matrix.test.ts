import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { actionOf } from "../../contract/route.ts";
import { testService } from "../../testing/test-service.ts";
import { type Cast, gather, unknown, type Who } from "./callers.ts";
import { callOf } from "./calls.ts";
import { type Declared, declared } from "./declared-routes.ts";
import { type Planted, plant } from "./planted.ts";
import { noteResult } from "./results.ts";

let cast: Cast;
let planted: Planted;
const service = testService({ signIn: true, limits: { lagMs: 600_000, answerMs: 600_000 } }, async ({ session, app }) => {
  cast = await gather(session, "survey");
  for (const who of refused) await cast.headers(who); // tokens and sign-ins are made before rows are counted
  planted = await plant(app, cast.session, (await cast.headers("owner"))["cookie"]!);
});

const asked = declared.filter(({ route }) => actionOf(route) !== undefined);
const isPeoples = (path: string): boolean => /^\/api\/(auth|users|settings|activity|projects)/.test(path);

async function ask(who: Who, each: Declared) {
  const call = callOf(each, planted);
  const headers = { "x-assay": "1", ...call.headers, ...(await cast.headers(who)) };
  const { statusCode: code, body } = await service.app.inject({ ...call, headers });
  return { code, detail: String(/"detail":"((?:[^"\\]|\\.)*)"/.exec(body)?.[1] ?? body.slice(0, 200)) };
}

/** What a caller of this kind must be answered where it may not; undefined where it may. */
function refusal(who: Who, { route }: Declared): number | undefined {
  const action = actionOf(route)!;
  const isOwnAccount = action === "known" || action === "own";
  if (unknown.includes(who)) return 401;
  if (who === "other project's token") return 403;
  if (who === "other project") return 404;
  if (action === "administer") return who === "admin" ? undefined : 403;
  if (who === "read token") return action === "read" || action === "known" ? undefined : 403;
  if (who === "write token") return ["manage", "own"].includes(action) ? 403 : undefined;
  if (who === "viewer") return action === "read" || isOwnAccount ? undefined : 403;
  if (who === "editor") return ["manage", "protect"].includes(action) ? 403 : undefined;
  return undefined;
}

/** How many rows each table has, with what they say, but for what a sign-in or a token's use writes down. */
async function allRows(): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`.execute(service.session.db);
  const sums: Record<string, string> = {};
  for (const { name } of rows) {
    if (["sessions", "api_tokens", "sign_in_failures"].includes(name)) continue;
    const { rows: found } = await sql<{ sum: string }>`
      select count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') as sum
      from ${sql.table(name)} t`.execute(service.session.db);
    sums[name] = found[0]!.sum;
  }
  return sums;
}

const refused: readonly Who[] = [
  ...unknown,
  "other project",
  "other project's token",
  "read token",
  "viewer",
  "write token",
  "editor",
];

describe.each(refused)("%s", (who) => {
  test("is refused by each route that is not theirs, with the code of the reason, and changes nothing", async () => {
    const routes = asked.filter((each) => refusal(who, each) !== undefined);
    const before = await allRows();
    const wrong: string[] = [];
    for (const each of routes) {
      const { code, detail } = await ask(who, each);
      if (code !== refusal(who, each)) wrong.push(`${each.name}: ${code} ${detail}, not ${refusal(who, each)}`);
    }
    expect(wrong).toEqual([]);
    expect(await allRows()).toEqual(before);
    noteResult("routes and roles", { [`refused: ${who}`]: routes.length });
  });
});

test("a viewer is told the action that the route declares", async () => {
  const wrong: string[] = [];
  for (const each of asked) {
    const action = actionOf(each.route)!;
    if (!["write", "delete", "promote", "protect", "manage"].includes(action)) continue;
    const { detail } = await ask("viewer", each);
    if (!detail.startsWith(`this user may not ${action} in the project: needs the role`)) wrong.push(`${each.name}: ${detail}`);
  }
  expect(wrong).toEqual([]);
});

describe.each<Who>(["viewer", "read token"])("%s", (who) => {
  test("reads whatever its project has", async () => {
    const routes = asked.filter(({ route }) => actionOf(route) === "read" && !route.events && !isPeoples(route.path));
    const wrong: string[] = [];
    for (const each of routes) {
      const { code, detail } = await ask(who, each);
      if (code >= 300 && !isNotThere.has(each.name)) wrong.push(`${each.name}: ${code} ${detail}`);
    }
    expect(wrong).toEqual([]);
    noteResult("routes and roles", { [`read: ${who}`]: routes.length - isNotThere.size });
  });
});

/** What only a worker makes, or other than a plain run has; asked of all the same, and never answered 401 or 403. */
const isNotThere = new Map([
  ["datasets.recipe", "koi@2 was not made by steps"],
  ["runs.cell", "the run was tracked by a program"],
  ["predictions.download", "the job is of another kind"],
  ["exoplanets.session", "the run is no training session"],
  ["exoplanets.predict", "the project has no such model"],
]);

describe.each<Who>(["write token", "editor", "owner", "admin"])("%s", (who) => {
  test("is let through by each route that is theirs", async () => {
    const routes = asked.filter((each) => refusal(who, each) === undefined && !each.route.events && !endsTheTest(each));
    const wrong: string[] = [];
    for (const each of routes) {
      const { code, detail } = await ask(who, each);
      const stopped = each.name === "models.setAlias" && who !== "owner" && who !== "admin" ? 403 : undefined; // makes the alias protected
      if (code >= 500 || ((code === 401 || code === 403) && code !== stopped)) wrong.push(`${each.name}: ${code} ${detail}`);
    }
    expect(wrong).toEqual([]);
    noteResult("routes and roles", { [`let through: ${who}`]: routes.length });
  });
});

/** Calls that take away what the next ones need. */
function endsTheTest({ name }: Declared): boolean {
  return ["auth.logout", "auth.changePassword", "projects.delete", "projects.change"].includes(name);
}

test("every stream of events asks who reads it, and in which project", async () => {
  const streams = asked.filter(({ route }) => route.events);
  const wrong: string[] = [];
  for (const who of refused.filter((who) => refusal(who, streams[0]!) !== undefined))
    for (const each of streams) {
      const { code } = await ask(who, each);
      if (code !== refusal(who, each)) wrong.push(`${each.name} ${who}: ${code}`);
    }
  expect([streams.length > 3, wrong]).toEqual([true, []]);
});

test("an upgrade is not a way in", async () => {
  for (const path of ["/api/ml/events", "/api/ml/datasets", "/api/nothing"]) {
    const headers = {
      connection: "upgrade",
      upgrade: "websocket",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-version": "13",
    };
    expect((await service.app.inject({ method: "GET", url: path, headers })).statusCode).toBe(401);
  }
});

test("what another project has is not there, by its id and by its name, whatever project is named", async () => {
  const { rows } = await sql<{ id: string }>`select id from projects where name = 'survey elsewhere'`.execute(service.session.db);
  const wrong: string[] = [];
  let calls = 0;
  for (const each of asked) {
    if (!each.route.path.includes(":") || isPeoples(each.route.path) || each.route.events) continue;
    const call = callOf(each, planted, rows[0]!.id);
    const headers = { "x-assay": "1", ...call.headers, ...(await cast.headers("other project")) };
    const { statusCode, body } = await service.app.inject({ ...call, headers });
    calls++;
    if (statusCode !== 404 && !ofEverybody.has(each.name)) wrong.push(`${each.name}: ${statusCode} ${body.slice(0, 200)}`);
  }
  expect(wrong).toEqual([]);
  noteResult("routes and roles", { "ids of another project": calls });
});

/** Routes whose parameter names nothing of a project. */
const ofEverybody = new Set(["algorithms.params", "subjects.erase"]);
