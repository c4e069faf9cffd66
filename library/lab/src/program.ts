import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The program `assay`: its bundle, or its source. */
export function programPath(): string {
  const [bundle, source] = ["./cli.js", "./cli/main.ts"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return existsSync(source!) ? source! : bundle!;
}

/** What Node needs before the program's path, so that it finds the packages and has what was imported first as this process does. */
export function programFlags(): string[] {
  const { execArgv } = process;
  return execArgv.flatMap((flag, k) => {
    if (/^--(conditions|import)=/.test(flag)) return [flag];
    return flag === "--conditions" || flag === "--import" ? [`${flag}=${execArgv[k + 1]}`] : [];
  });
}
