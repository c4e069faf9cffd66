import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, platform, release, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as ml from "assay";
import { assayVersion } from "../assay-version.ts";

/** Environment variables that decide how a program computes; no others are looked at. */
const telling = [
  "ASSAY_THREADS",
  "ASSAY_MEMORY_MB",
  "ASSAY_FAST",
  "NODE_OPTIONS",
  "CUDA_VISIBLE_DEVICES",
  "OMP_NUM_THREADS",
  "TZ",
  "LANG",
];

/** Program, machine and versions that a run happens on. */
export function environmentOf(): Record<string, unknown> {
  const variables = Object.fromEntries(telling.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
  return {
    node: process.version,
    platform: `${platform()} ${release()}`,
    arch: process.arch,
    cores: availableParallelism(),
    memory_mb: Math.round(totalmem() / 2 ** 20),
    threads: ml.poolSize(),
    assay: assayVersion,
    packages: packagesOf(process.cwd()),
    ...(Object.keys(variables).length > 0 && { variables }),
  };
}

/** Packages at most. */
const packagesMost = 100;
let packages: { readonly folder: string; readonly versions: Record<string, string> } | undefined;

/** Versions of what the nearest package.json asks for, as they are installed; read once a folder. */
function packagesOf(folder: string): Record<string, string> {
  if (packages?.folder === folder) return packages.versions;
  const manifest = nearest(folder);
  const asked = manifest ? readManifest(manifest) : {};
  const names = [...Object.keys(asked["dependencies"] ?? {}), ...Object.keys(asked["devDependencies"] ?? {})].slice(
    0,
    packagesMost,
  );
  const versions = Object.fromEntries(
    names.flatMap((name) => {
      const version = manifest && installedVersion(dirname(manifest), name);
      return version ? [[name, version]] : [];
    }),
  );
  packages = { folder, versions };
  return versions;
}

function nearest(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "package.json");
    if (existsSync(file)) return file;
    if (dirname(at) === at) return undefined;
  }
}

function installedVersion(folder: string, name: string): string | undefined {
  const paths = createRequire(join(folder, "package.json")).resolve.paths(name) ?? [];
  const file = paths.map((path) => join(path, name, "package.json")).find(existsSync);
  const { version } = (file ? readManifest(file) : {}) as { version?: unknown };
  return typeof version === "string" ? version : undefined;
}

/** A manifest that cannot be read says nothing of versions. */
function readManifest(file: string): Record<string, Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

/** The cell that is running, in our kernel; and the git commit of the working folder, and whether it has changes, where there is one. */
export async function codeOf(): Promise<Record<string, unknown> | undefined> {
  const kernel = (globalThis as Record<symbol, unknown>)[Symbol.for("assay.kernel")] as
    | { cell?: { code: string; count: number } }
    | undefined;
  const commit = await git("rev-parse", "HEAD");
  const [branch, changes] = commit
    ? await Promise.all([git("rev-parse", "--abbrev-ref", "HEAD"), git("status", "--porcelain", "--untracked-files=no")])
    : [];
  if (!kernel?.cell && !commit) return undefined;
  return {
    ...(kernel?.cell && { cell: kernel.cell.code }),
    ...(commit && { commit, branch, dirty: changes !== "" }),
  };
}

/** What git answers; undefined where there is none, or no repository. */
async function git(...args: string[]): Promise<string | undefined> {
  return promisify(execFile)("git", args, { timeout: 2000 }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  );
}
