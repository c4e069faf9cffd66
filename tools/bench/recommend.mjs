// Recommenders beside implicit: seconds on made-up interactions, and figures on MovieLens where its file is at hand. Each side in a process of its own.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { temporaryFolder } from "../assay.mjs";
import { node24, python, root } from "../setup.mjs";
import { benchEtl } from "./recommend-etl.mjs";

const rounds = 2;
/** What is fitted, and how much slower than implicit it may be. */
const fits = [
  ["als", "iALS, 64 factors, 15 iterations", 2],
  ["bpr", "BPR, 64 factors, 20 epochs", undefined],
  ["knn", "item-kNN, cosine, 100 neighbours", undefined],
];

/** A small generator of whole numbers: the same pairs in every run. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Writes pairs of users and items of twenty tastes, some much busier than others. */
function writePairs(folder, pairs, users, items) {
  const draw = numbers(1);
  const [left, right] = [new Int32Array(pairs), new Int32Array(pairs)];
  for (let k = 0; k < pairs; k++) {
    const busy = draw();
    left[k] = Math.floor(users * busy * Math.sqrt(busy));
    const taste = draw() < 0.7 ? left[k] % 20 : Math.floor(20 * draw());
    const rare = draw();
    right[k] = Math.floor((items / 20) * rare * rare) * 20 + taste;
  }
  left[0] = users - 1;
  right[0] = items - 1;
  writeFileSync(join(folder, "users.i32"), left);
  writeFileSync(join(folder, "items.i32"), right);
}

const ask = (command, args, cwd) =>
  JSON.parse(
    execFileSync(command, args, { cwd, maxBuffer: 1 << 26 })
      .toString()
      .trim()
      .split("\n")
      .at(-1),
  );
const theirs = (...args) => ask(python, ["-m", "bench.recommend", ...args.map(String)], join(root, "tools"));
const ours = (...args) => ask(node24(), [join(root, "tools/bench/recommend-ours.mjs"), ...args.map(String)], root);

/** Ratios of seconds: the quietest of some rounds, sides in turn. */
function speed(line, pairs, users, items, threads, kinds) {
  const folder = temporaryFolder("recommend");
  writePairs(folder, pairs, users, items);
  for (const [kind, title, most] of kinds) {
    const [own, other] = [[], []];
    for (let round = 0; round < rounds; round++) {
      other.push(theirs(kind, folder, threads));
      own.push(ours(kind, folder, threads));
    }
    const least = (list, key) => Math.min(...list.map((each) => each[key]));
    for (const [key, what, bound] of [
      ["fit", title, most],
      ["top", "ten best items for all users", kind === "als" ? 2.5 : undefined],
    ]) {
      if (other[0][key] === null) continue;
      const ratio = (least(own, key) / least(other, key)).toFixed(2);
      const beside = `${least(own, key).toFixed(2)} s, implicit ${least(other, key).toFixed(2)} s`;
      const size = `${other[0].pairs.toLocaleString("en")} pairs, ${threads} thread${threads > 1 ? "s" : ""}`;
      line(`${what}: ${size}`, `ratio ${ratio}`, bound ? `≤ ${bound} ×` : "–", beside);
    }
  }
}

/** Figures on MovieLens small, each user's newest five held out. */
function quality(line) {
  const data = process.env.ASSAY_DATA ?? resolve(root, "../shared/data");
  const ratings = process.env.ASSAY_MOVIELENS ?? join(data, "recsys/movielens-small/ratings.csv");
  if (!existsSync(ratings))
    return line(
      "MovieLens small",
      "–",
      "–",
      `no file ${ratings} (ASSAY_MOVIELENS names it, or ASSAY_DATA the folder over recsys)`,
    );
  const own = ours("movielens", ratings);
  const other = theirs("movielens", ratings);
  for (const [name, measures] of Object.entries(own))
    for (const measure of ["ndcg@10", "recall@10"]) {
      const { value, low, high } = measures[measure];
      const figures = other[name]?.map((each) => each[measure].toFixed(4)).join(", ");
      line(
        `MovieLens small, ${name}, ${measure}`,
        value.toFixed(4),
        `${low.toFixed(4)} … ${high.toFixed(4)}`,
        figures ? `theirs ${figures}` : "",
      );
    }
}

/** Lines of the chapter. */
export async function benchRecommend({ isSmall, line }) {
  const threads = Math.min(4, availableParallelism());
  if (isSmall) speed(line, 100_000, 6000, 3000, 1, fits);
  else {
    speed(line, 1_000_000, 30_000, 10_000, 1, fits);
    speed(line, 1_000_000, 30_000, 10_000, threads, fits);
    speed(line, 10_000_000, 200_000, 40_000, threads, fits.slice(0, 1));
  }
  quality(line);
  await benchEtl({ isSmall, line, threads });
}
