import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Registry } from "@bufbuild/protobuf";
import { StoreError } from "assay";
import { assayHome } from "../../db/home.ts";

/** Prints pyspark's version and folder, or nothing where it is not installed; its packages are not run. */
const findScript = `
import importlib.util, os, re
spec = importlib.util.find_spec("pyspark")
if spec:
    folder = spec.submodule_search_locations[0]
    with open(os.path.join(folder, "version.py")) as file: version = re.search(r"__version__[^=]*=[^0-9]*([0-9][^'\\"]*)", file.read())
    print(version.group(1)); print(folder)
`;

/** Prints the FileDescriptorSet of pyspark's messages. Only they are loaded, not pyspark, which would ask for pandas and pyarrow. */
const descriptorsScript = `
import importlib, importlib.util, os, sys, types
from google.protobuf import descriptor_pb2
root = importlib.util.find_spec("pyspark").submodule_search_locations[0]
names = ["pyspark", "pyspark.sql", "pyspark.sql.connect", "pyspark.sql.connect.proto"]
for name in names:
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [os.path.join(root, *name.split(".")[1:])]
files = {}
def add(file):
    if file.name in files: return
    for each in file.dependencies: add(each)
    files[file.name] = file
for name in ("base", "ml", "catalog"): add(importlib.import_module(names[-1] + "." + name + "_pb2").DESCRIPTOR)
answer = descriptor_pb2.FileDescriptorSet()
for file in files.values(): file.CopyToProto(answer.file.add())
sys.stdout.buffer.write(answer.SerializeToString())
`;

/** A Python that has pyspark. */
interface SparkPython {
  readonly python: string;
  /** Of pyspark. */
  readonly version: string;
  /** Of pyspark's package, which is the SPARK_HOME of its server. */
  readonly folder: string;
}

const pythonMs = 60_000;
let registry: Promise<Registry> | undefined;

/**
 * Spark Connect's messages, as the installed pyspark describes them: read once by a Python and kept below `cache/` of the home, by pyspark's
 * version; where there is none now, those that were read before. Throws StoreError that says how to install it.
 */
export function sparkMessages(): Promise<Registry> {
  registry ??= load().catch((error: unknown) => {
    registry = undefined;
    throw error;
  });
  return registry;
}

async function load(): Promise<Registry> {
  const [{ createFileRegistry, fromBinary }, { FileDescriptorSetSchema }] = await Promise.all([
    import("@bufbuild/protobuf"),
    import("@bufbuild/protobuf/wkt"),
  ]);
  const found = await findPyspark();
  const cache = join(assayHome(), "cache");
  const file = found ? join(cache, `spark-connect-${found.version}.binpb`) : await newest(cache);
  if (!file)
    throw new StoreError(
      "spark: no Python here has pyspark, which describes Spark's messages: python3 -m pip install pyspark==4.3.0 protobuf (a virtual environment is found on PATH, by VIRTUAL_ENV, or as .venv)",
    );
  if (found && !existsSync(file)) await writeDescriptors(found, file);
  return createFileRegistry(fromBinary(FileDescriptorSetSchema, await readFile(file)));
}

/** The messages of the newest pyspark that were ever read here. */
async function newest(cache: string): Promise<string | undefined> {
  const names = (await readdir(cache).catch(() => [])).filter((name) => /^spark-connect-.*\.binpb$/.test(name));
  const [name] = names.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return name && join(cache, name);
}

async function writeDescriptors({ python, version }: SparkPython, file: string): Promise<void> {
  const run = promisify(execFile)(python, ["-c", descriptorsScript], {
    encoding: "buffer",
    maxBuffer: 1 << 24,
    timeout: pythonMs,
  });
  const { stdout } = await run.catch((cause: Error & { readonly stderr?: Buffer }) => {
    const said = cause.stderr?.toString().trim().split("\n").at(-1) ?? cause.message;
    throw new StoreError(`spark: the messages of pyspark ${version} cannot be read: ${said}: ${python} -m pip install protobuf`, {
      cause,
    });
  });
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.draft`;
  await writeFile(draft, stdout);
  await rename(draft, file);
}

/** The first Python that has pyspark: of VIRTUAL_ENV, of the nearest `.venv` above the working folder or this program, on PATH; undefined where none has. */
export async function findPyspark(): Promise<SparkPython | undefined> {
  for (const python of pythons()) {
    const { stdout } = await promisify(execFile)(python, ["-c", findScript], { timeout: pythonMs }).catch(() => ({ stdout: "" }));
    const [version, folder] = stdout.trim().split("\n");
    if (version && folder) return { python, version, folder };
  }
  return undefined;
}

function pythons(): readonly string[] {
  const program = process.platform === "win32" ? join("Scripts", "python.exe") : join("bin", "python3");
  const own = [process.env["VIRTUAL_ENV"], nearest(process.cwd()), nearest(import.meta.dirname)].filter(
    (each) => each !== undefined,
  );
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => ["python3", "python"].map((name) => join(folder, name)));
  return [...new Set([...own.map((folder) => join(folder, program)), ...onPath])].filter((path) => existsSync(path));
}

/** The nearest `.venv` in a folder or above it. */
function nearest(folder: string): string | undefined {
  if (existsSync(join(folder, ".venv"))) return join(folder, ".venv");
  return dirname(folder) === folder ? undefined : nearest(dirname(folder));
}
