import { openStore } from "../db/store.ts";
import { openSpark } from "../engine/index.ts";
import { type Check, fail, ok } from "./check.ts";

/** Whether the Spark of SPARK_REMOTE answers and sees the store; nothing is told where it is not set. */
export async function checkSpark(): Promise<readonly Check[]> {
  const remote = process.env["SPARK_REMOTE"];
  if (!remote) return [];
  const { folder } = openStore();
  try {
    const engine = await openSpark({ remote, folder, patienceMs: 5000 });
    await engine.close();
    return [ok("spark", `it answers, and sees ${folder}`)];
  } catch (error) {
    return [
      fail("spark", (error as Error).message, "mend what the message says, or unset SPARK_REMOTE: then DuckDB does its work"),
    ];
  }
}
