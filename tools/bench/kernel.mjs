// Round trips of cells in the kernel, on both converters, beside stock tslab, ipykernel and Deno.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { python, root, run } from "../setup.mjs";

const denoVersion = "2.9.6";

/** The program of Deno's npm package; undefined where it cannot be had. */
async function deno() {
  const folder = join(root, ".assay", `deno-${denoVersion}`);
  const program = join(folder, "node_modules/deno/deno");
  if (!existsSync(program)) await run("npm", ["install", "--loglevel=error", "--prefix", folder, `deno@${denoVersion}`]);
  return existsSync(program) ? program : undefined;
}

const ms = (value) => (value === undefined || value === null ? "–" : `${value.toFixed(0)} ms`);

/** How many kinds of endless cells an interrupt stops, and the slowest of them. */
function stopped(interrupts) {
  const times = Object.values(interrupts ?? {});
  const held = times.filter((time) => time !== null);
  return held.length > 0 ? `${held.length} of ${times.length}, ${ms(Math.max(...held))}` : `0 of ${times.length}`;
}

/** Latency of cells and questions, and how long an endless cell goes on after an interrupt. */
export async function benchKernel({ isSmall, line }) {
  const program = await deno();
  if (!program) console.log(`Deno ${denoVersion} cannot be had here: its column is left out`);
  const out = execFileSync(python, [join(root, "tools/bench/kernel.py"), ...(isSmall ? ["--small"] : [])], {
    cwd: join(root, "notebooks"),
    env: { ...process.env, ...(program ? { ASSAY_DENO: program, DENO_NO_UPDATE_CHECK: "1" } : {}) },
  }).toString();
  const { assay: ours, ...others } = JSON.parse(out.trim().split("\n").at(-1));
  const beside = (text) =>
    Object.entries(others)
      .map(([name, facts]) => [name, text(facts)])
      .filter(([, said]) => said !== "–")
      .map((pair) => pair.join(" "))
      .join(", ");
  const row = (what, target, text) => line(what, text(ours), target, beside(text));
  row("kernel: first reply after its start", "< 2,000 ms", ({ ready }) => ms(ready));
  row("kernel: first cell after its start", "–", ({ first }) => ms(first));
  row("a cell `1 + 1`", "–", ({ plain }) => ms(plain));
  row("the cell that imports both packages", "–", ({ imports }) => ms(imports));
  row("what a warm cell with both packages costs more than `1 + 1`", "< 50 ms", ({ warm, plain }) => ms(warm && warm - plain));
  row("a warm cell that fits a tree", "< 150 ms", ({ fit }) => ms(fit));
  row("completion, median", "< 100 ms", ({ complete }) => ms(complete));
  row("inspection, median", "< 100 ms", ({ inspect }) => ms(inspect));
  row("kinds of endless cells that an interrupt stops, the slowest", "6, < 500 ms", (facts) =>
    facts.interrupts ? stopped(facts.interrupts) : "–",
  );
  row("first figure in a notebook, imports and fit done", "< 1,000 ms", ({ figure }) => ms(figure));
}
