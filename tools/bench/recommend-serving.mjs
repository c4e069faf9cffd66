// Recommendations over a unix socket: implicit ALS of 50,000 items asked for known people, for newcomers, and with a filter; items that are like one.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../assay.mjs";
import { node24, root } from "../setup.mjs";

const offers = ["climate", "culture", "budget", "activity", "group", "urban", "gastronomy", "popularity"];
const categories = ["beach_resort", "city_tour", "family_park", "hostel_route", "luxury_retreat", "mountain_trek"];

/** Rows as the ETL gives them: people of twenty tastes. */
function makeRows(ml, users, items, taken) {
  const draw = ml.random(1, "bench rows");
  const names = Array.from({ length: users }, (_, user) => user.toString(16).padStart(64, "0"));
  const columns = { user_key: [], item_id: [], item_category: [], engagement_score: [], shown_at: [] };
  const add = (user, item) => {
    columns.user_key.push(names[user]);
    columns.item_id.push(`i${item}`);
    columns.item_category.push(categories[item % 6]);
    columns.engagement_score.push(3);
    columns.shown_at.push(new Date(1.78e12 + columns.shown_at.length));
  };
  for (let item = 0; item < items; item++) add(item % users, item);
  for (let k = items; k < taken; k++) {
    const user = draw.int(users);
    const rank = draw.float() * draw.float();
    add(user, Math.floor((items / 20) * rank) * 20 + (draw.float() < 0.7 ? user % 20 : draw.int(20)));
  }
  const rest = Object.fromEntries(
    offers.map((name, k) => [`item_${name}`, columns.item_id.map((_, at) => ((at + k) % 10) / 10)]),
  );
  const same = { item_region: columns.item_id.map(() => "north"), is_negative_sample: columns.item_id.map(() => false) };
  return { table: ml.table({ ...columns, ...rest, ...same }), names };
}

/** Trains the recommender in the bench's home; gives its id and the keys of its people. */
async function train({ users, items, taken }) {
  const ml = await import(pathToFileURL(join(root, "library/core/dist/index.js")).href);
  const { connect } = await import(pathToFileURL(join(root, "library/lab/dist/index.js")).href);
  const lab = await connect();
  const { table, names } = makeRows(ml, users, items, taken);
  await lab.datasets.put("recommendation_train", table);
  await lab.datasets.put("recommendation_test", table.head(1000));
  const sent = await lab.recommendations.train("als", { hyperparameters: { factors: 64, iterations: 3 } });
  const { recommender_id: id } = await sent.done();
  await lab.close();
  return { id, names };
}

async function openService(socket) {
  const token = randomBytes(16).toString("hex");
  const env = { ...process.env, ASSAY_TOKEN: token, ASSAY_WORKERS: "0", LOG_LEVEL: "warn" };
  const args = [join(root, "library/lab/bin/assay.mjs"), "serve", "--socket", socket];
  const child = spawn(node24(), args, { env, stdio: ["ignore", "inherit", "inherit"] });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const headers = { authorization: `Bearer ${token}`, "x-assay": "1" };
  const ask = (path) =>
    new Promise((resolve, reject) => {
      const sent = request({ socketPath: socket, path, headers, agent }, (answer) => {
        let text = "";
        answer.on("data", (part) => (text += part));
        answer.on("end", () => resolve({ code: answer.statusCode, text }));
      });
      sent.on("error", reject);
      sent.end();
    });
  for (const until = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    if (Date.now() > until) throw new Error("the service did not start");
    if ((await ask("/ready").catch(() => ({}))).code === 200) break;
  }
  return { ask, stop: () => child.kill("SIGTERM") };
}

/** Milliseconds that answers took, by so many callers at once. */
async function measure(ask, pathOf, count, callers) {
  const times = [];
  let next = 0;
  const call = async () => {
    for (let k = next++; k < count; k = next++) {
      const begin = performance.now();
      const { code, text } = await ask(pathOf(k));
      times.push(performance.now() - begin);
      if (code !== 200) throw new Error(`${pathOf(k)}: ${code} ${text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))];
  return { p50: at(0.5), p99: at(0.99) };
}

/** Lines of the chapter: each kind of answer by one caller, and by four. */
export async function benchRecommendServing({ isSmall, line }) {
  const size = isSmall ? { users: 500, items: 2000, taken: 10_000 } : { users: 10_000, items: 50_000, taken: 400_000 };
  const { id, names } = await train(size);
  const { ask, stop } = await openService(join(temporaryFolder("recommend-serving"), "s"));
  const path = (user, more = "") => `/api/ml/recommend/${user}?k=10&recommender_id=${id}${more}`;
  const known = (k) => path(`key:${names[(k * 37) % names.length]}`);
  const asked = [
    ["ten items for somebody known, with reasons", known],
    ["the same of one category", (k) => `${known(k)}&category=${categories[k % 6]}`],
    ["for a newcomer by their profile", (k) => path(`new${k}`, "&profile=0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8")],
    ["for a newcomer by popularity", (k) => path(`new${k}`)],
  ];
  try {
    for (const [what, pathOf] of asked)
      for (const callers of [1, 4]) {
        await measure(ask, pathOf, 50, callers); // warm
        const { p50, p99 } = await measure(ask, pathOf, isSmall ? 200 : 400, callers);
        const among = `${size.items.toLocaleString("en")} items, 64 factors, ${callers} caller${callers > 1 ? "s" : ""}`;
        line(`${what}: ${among}, p99`, `${p99.toFixed(1)} ms`, "≤ 20 ms", `p50 ${p50.toFixed(1)} ms`);
      }
    const likePath = (k) => `/api/ml/recommend/models/${id}/similar?item_id=i${(k * 101) % size.items}&k=10`;
    for (const callers of [1, 4]) {
      await measure(ask, likePath, 50, callers); // warm
      const { p50, p99 } = await measure(ask, likePath, isSmall ? 200 : 400, callers);
      const among = `by their vectors, ${callers} caller${callers > 1 ? "s" : ""}`;
      line(`ten items like one ${among}, p99`, `${p99.toFixed(1)} ms`, "≤ 20 ms", `p50 ${p50.toFixed(1)} ms`);
    }
  } finally {
    stop();
  }
}
