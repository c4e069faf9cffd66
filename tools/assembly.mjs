// Compiles library/core/assembly (AssemblyScript) to library/core/dist/kernels.wasm. Part of `npm run build`; alone: `node tools/assembly.mjs`.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const core = fileURLToPath(new URL("../library/core", import.meta.url));

/** Compiles the kernels; does nothing where no source is newer than what lies there. Throws with the compiler's words. */
export async function compileKernels() {
  const sources = join(core, "assembly");
  const target = join(core, "dist/kernels.wasm");
  const made = statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (readdirSync(sources).every((name) => statSync(join(sources, name)).mtimeMs < made)) return;
  mkdirSync(join(core, "dist"), { recursive: true });
  const fresh = `${target}.${process.pid}`;
  const options = ["-O3", "--noAssert", "--runtime", "stub", "--use", "abort="];
  const memory = ["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"];
  const features = ["--enable", "simd,threads,bulk-memory,relaxed-simd", "--disable", "mutable-globals"];
  const { error, stderr } = await asc.main(
    [join(sources, "index.ts"), "--outFile", relative(process.cwd(), fresh), ...options, ...memory, ...features],
    { writeFile: (name, contents) => writeFileSync(name, contents) },
  );
  if (error) throw new Error(`assembly: ${stderr.toString()}`, { cause: error });
  if (hasData(readFileSync(fresh))) {
    rmSync(fresh);
    throw new Error(
      "assembly: a kernel brings static data, which would overwrite what fits keep there; Math.log, exp and pow do",
    );
  }
  renameSync(fresh, target);
}

/** Whether a module has a data section (11). */
function hasData(bytes) {
  let at = 8;
  const length = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    if (section === 11) return true;
    const size = length();
    at += size;
  }
  return false;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await compileKernels();
