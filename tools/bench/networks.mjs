// Training a network of three convolutions on curves of 2,001 points, beside PyTorch and Keras on the same two cores in turn: samples a second, the best epoch
// of each round. PyTorch and Keras are large, so they are taken from Pythons of one's own: ASSAY_TORCH_PYTHON, and ASSAY_KERAS_PYTHON where Keras lies in another.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { node24, root } from "../setup.mjs";

// the addon is built once and kept: the bench's own home is thrown away
const home = process.env.ASSAY_HOME ?? join(root, ".assay/bench-native");
const theirs = process.env.ASSAY_TORCH_PYTHON;
const kerasPython = process.env.ASSAY_KERAS_PYTHON ?? theirs;

/** Samples a second that a command prints on its last line; undefined where it fails. */
function samples(command, args, tell) {
  const [program, words] = availableParallelism() >= 4 ? ["taskset", ["-c", "0,1", command, ...args]] : [command, args];
  try {
    const env = { ...process.env, ASSAY_HOME: home, TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "" };
    const out = execFileSync(program, words, { cwd: root, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    return Number(out.trim().split("\n").at(-1));
  } catch (error) {
    tell(`${args.slice(-2).join(" ")}: ${String(error.stderr).trim().split("\n").at(-1)}`);
    return undefined;
  }
}

export function benchNetworks({ isSmall, line }) {
  if (!existsSync(join(home, "native/lib/napi-v8/tfjs_binding.node")) && !isSmall)
    execFileSync(node24(), [join(root, "library/lab/bin/assay.mjs"), "native"], {
      env: { ...process.env, ASSAY_HOME: home },
      stdio: "inherit",
    });
  const rows = isSmall ? "160" : "1000";
  const ours = join(root, "tools/bench/networks-ours.mjs");
  const sides = {
    native: () => samples(node24(), ["--no-warnings", ours, rows, "native"], console.log),
    wasm: () => samples(node24(), ["--no-warnings", ours, rows, "wasm"], console.log),
    ...(theirs && {
      torch: () => samples(theirs, [join(root, "tools/bench/networks.py"), rows, "torch"], console.log),
    }),
    ...(kerasPython && {
      keras: () => samples(kerasPython, [join(root, "tools/bench/networks.py"), rows, "keras"], console.log),
    }),
  };
  const best = {};
  for (let round = 0; round < (isSmall ? 1 : 3); round++)
    for (const [side, run] of Object.entries(sides)) best[side] = [...(best[side] ?? []), run()].filter((value) => value > 0);
  const median = (values = []) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const torch = median(best.torch);
  const keras = median(best.keras);
  const others = [torch && `PyTorch ${torch.toFixed(0)}`, keras && `Keras ${keras.toFixed(0)}`].filter(Boolean).join(", ");
  for (const [side, share] of [
    ["native", 0.45],
    ["wasm", 0.18],
  ]) {
    const own = median(best[side]);
    if (own === undefined) continue;
    const ratio = torch ? `, ${(own / torch).toFixed(2)} × PyTorch` : "";
    line(
      `train a CNN on 2,001 points, ${side}`,
      `${own.toFixed(0)} rows/s${ratio}`,
      `≥ ${share} × PyTorch`,
      others || "no ASSAY_TORCH_PYTHON",
    );
  }
}
