import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { NotFoundError, nativeFolder, StoreError } from "assay";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
/** The TensorFlow that the addon is built against; newer ones work too, this one was measured. */
const tensorflow = "2.15.1";
const tfjsNode = "4.22.0";

/** Takes the libraries and the C headers out of the wheel: 600 MB of its 1.5 GB. */
const unpack = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
headers = tuple("tensorflow/include/" + part for part in ("tensorflow/c/", "tensorflow/core/platform/", "tensorflow/tsl/", "tsl/", "xla/tsl/c/"))
libraries = ("libtensorflow_cc.so.2", "libtensorflow_framework.so.2")
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(headers) or name.endswith(libraries)])
`;

/**
 * Builds TensorFlow's addon for networks from the wheel that PyPI has, into a folder of ASSAY_HOME, where the loader looks for it: for machines that cannot reach
 * the addon's own download. Needs Linux on x64, Python with pip, g++ and the headers of the running Node. Throws NotFoundError for what is missing,
 * StoreError for a step that fails, with what the step said.
 */
export async function buildNative(say: (line: string) => void = console.log): Promise<void> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new NotFoundError(
      `native: can be built on linux-x64, this is ${process.platform}-${process.arch}; networks run on WASM here`,
    );
  const headers = nodeHeaders();
  await need("g++", ["--version"]);
  await need("python3", ["-m", "pip", "--version"]);
  const folder = nativeFolder();
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(folder, "draft-"));
  try {
    const sources = await findSources(folder, say);
    say(`TensorFlow ${tensorflow} from PyPI (207 MB) …`);
    const pip = ["-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", draft];
    const platform = ["--platform", "manylinux_2_17_x86_64", "--python-version", "3.11", "--implementation", "cp"];
    await step("python3", [...pip, ...platform, `tensorflow-cpu==${tensorflow}`]);
    const { stdout } = await run("ls", [draft]);
    const wheel = stdout.split("\n").find((name) => name.endsWith(".whl"));
    if (!wheel) throw new StoreError(`native: pip must leave a wheel in ${draft}, got ${stdout.trim() || "nothing"}`);
    say("unpacking …");
    await step("python3", ["-c", unpack, join(draft, wheel), draft]);
    await rm(join(draft, wheel));
    await link(draft);
    say("compiling …");
    await compile(sources, headers, draft);
    await put(draft, folder);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  const { stdout } = await run(process.execPath, ["--no-warnings", "-e", probe]);
  say(`built in ${folder}: networks run on ${stdout.trim()}`);
}

/** A network of one weight in a process of its own, on the new addon. */
const probe = `import(${JSON.stringify(import.meta.resolve("assay"))}).then(async (ml) => {
  const network = ml.networkRegressor({ layers: [], epochs: 1, backend: "native" });
  console.log((await network.fit([[0], [1]], [0, 1])).state.backend);
});`;

function nodeHeaders(): string {
  const places = [join(dirname(process.execPath), "../include/node"), "/usr/include/node", "/usr/local/include/node"];
  const found = places.find((place) => existsSync(join(place, "node_api.h")));
  if (!found) throw new NotFoundError(`native: needs Node's headers (node_api.h), looked in ${places.join(", ")}`);
  return found;
}

async function need(program: string, words: readonly string[]): Promise<void> {
  try {
    await run(program, words);
  } catch (cause) {
    throw new NotFoundError(
      `native: needs ${[program, ...words.slice(0, -1)].join(" ")}: ${(cause as Error).message.split("\n")[0]}`,
      { cause },
    );
  }
}

async function step(program: string, words: readonly string[]): Promise<void> {
  try {
    await run(program, words, { maxBuffer: 1 << 26 });
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split("\n").slice(-5).join("\n") ?? "";
    throw new StoreError(`native: ${program} ended with an error: ${said}`, { cause });
  }
}

/** The folder of tfjs-node: the one that npm installed, else one of the command's own. */
async function findSources(folder: string, say: (line: string) => void): Promise<string> {
  try {
    return dirname(createRequire(require.resolve("assay/package.json")).resolve("@tensorflow/tfjs-node/package.json"));
  } catch {
    say(`@tensorflow/tfjs-node ${tfjsNode} from npm …`);
    await step("npm", [
      "install",
      "--prefix",
      folder,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      `@tensorflow/tfjs-node@${tfjsNode}`,
    ]);
    return join(folder, "node_modules/@tensorflow/tfjs-node");
  }
}

/** The names under which the linker looks for the libraries. */
async function link(draft: string): Promise<void> {
  const library = join(draft, "deps/lib");
  await mkdir(library, { recursive: true });
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"])
    await rename(join(draft, "tensorflow", name), join(library, name));
  await symlink("libtensorflow_cc.so.2", join(library, "libtensorflow.so"));
  await symlink("libtensorflow_framework.so.2", join(library, "libtensorflow_framework.so"));
}

async function compile(sources: string, headers: string, draft: string): Promise<void> {
  const out = join(draft, "lib/napi-v8");
  await mkdir(out, { recursive: true });
  const defines = ["-DNAPI_VERSION=8", "-DNODE_GYP_MODULE_NAME=tfjs_binding", "-DBUILDING_NODE_EXTENSION"];
  const include = [`-I${headers}`, `-I${sources}`, `-I${join(draft, "tensorflow/include")}`];
  const files = ["tfjs_backend.cc", "tfjs_binding.cc"].map((name) => join(sources, "binding", name));
  const libraries = [
    `-L${join(draft, "deps/lib")}`,
    "-Wl,-rpath,$ORIGIN/../../deps/lib",
    "-ltensorflow",
    "-ltensorflow_framework",
  ];
  const options = ["-shared", "-fPIC", "-O2", "-std=c++17", "-w"];
  await step("g++", [...options, ...defines, ...include, ...files, "-o", join(out, "tfjs_binding.node"), ...libraries]);
}

/** The new addon in the place of a former one. */
async function put(draft: string, folder: string): Promise<void> {
  for (const part of ["deps", "lib"]) {
    await rm(join(folder, part), { recursive: true, force: true });
    await rename(join(draft, part), join(folder, part));
  }
}
