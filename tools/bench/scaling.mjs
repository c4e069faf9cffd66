// What a second machine brings and costs: worker hosts on one PostgreSQL, a Spark cluster beside DuckDB, users of a JupyterHub. The hosts are network namespaces of this machine.
import { availableParallelism } from "node:os";
import { makeHosts, noHosts } from "./hosts.mjs";
import { benchHub } from "./scaling-hub.mjs";
import { benchJobs } from "./scaling-jobs.mjs";
import { benchSpark } from "./scaling-spark.mjs";

/** A core for the database's host, one for each of the two others, and one for the bench itself. */
const cores = [0, 1, 2];

/**
 * The chapter of docs/scaling.md; parts that this machine cannot do are skipped, and say so.
 * @param {{ isSmall: boolean, line: (what: string, measured: string, target: string, beside?: string) => void }} given
 */
export async function benchScaling({ isSmall, line }) {
  const missing = noHosts() ?? tooFewCores();
  if (missing) console.log(`skipped: worker hosts and Spark: ${missing}`);
  else
    for (const part of [benchJobs, benchSpark]) {
      const { hosts, remove } = makeHosts(cores);
      try {
        await part({ hosts, isSmall, line });
      } finally {
        remove();
      }
    }
  await benchHub({ line });
}

function tooFewCores() {
  const there = availableParallelism();
  return there <= cores.length
    ? `three hosts of a core each beside the bench need ${cores.length + 1} cores, here are ${there}`
    : undefined;
}
