import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { connect } from "node:net";
import { freemem } from "node:os";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { deviceOf, diskSpace, megabytes, placeOf } from "../db/disk.ts";
import { assayHome } from "../db/home.ts";
import { openStore } from "../db/store.ts";
import { limitsOf } from "../jobs/limits.ts";
import { makeLogger } from "../log.ts";
import { memoryBytes } from "../memory-bytes.ts";
import { numberSetting, wrongNumbers } from "../number-setting.ts";
import { type Check, fail, looked, ok, warn } from "./check.ts";
import { checkSpark } from "./doctor-spark.ts";
import { unknownSettings } from "./settings.ts";

/** Node, Python, folders, disk, memory, settings, log and port of this machine, the service that it asks, and its Spark. */
export async function checkMachine(): Promise<readonly Check[]> {
  const groups = [
    looked("node", checkNode),
    looked("python", checkPython),
    looked("home", checkHome),
    looked("disk", () => disks().map(checkDisk)),
    looked("memory", checkMemory),
    looked("settings", checkSettings),
    looked("logs", checkLogs),
    looked("port", checkPort),
    looked("service", checkService),
    looked("spark", checkSpark),
  ];
  return (await Promise.all(groups)).flat();
}

function checkNode(): Check {
  const major = Number(process.versions.node.split(".")[0]);
  if (major >= 24) return ok("node", process.version);
  if (major >= 22) return warn("node", `${process.version}, made for 24`, "install Node 24, or set ASSAY_NODE to one");
  return fail("node", `${process.version}, needs 22 or newer`, "install Node 24, or set ASSAY_NODE to one");
}

/** Python only carries JupyterLab: without it the service works. */
async function checkPython(): Promise<Check> {
  try {
    const { stdout } = await promisify(execFile)("python3", ["--version"], { timeout: 10_000 });
    const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
    if (Number(major) === 3 && Number(minor) >= 10) return ok("python", stdout.trim());
    return warn("python", `${stdout.trim()}, JupyterLab needs 3.10 or newer`, "install Python 3.11 or newer for the notebooks");
  } catch {
    return warn(
      "python",
      "there is no python3",
      "install Python 3.11 or newer for the notebooks; service and workers do without",
    );
  }
}

function checkHome(): Check {
  const home = assayHome();
  const place = placeOf(home);
  if (!statSync(place).isDirectory()) return fail("home", `${place} is no folder`, "set ASSAY_HOME to one");
  if (!mayWrite(place)) return fail("home", `no right to write ${place}`, "give this user the folder, or set ASSAY_HOME");
  if (place !== resolve(home)) return ok("home", `${home} is made at the first start`);
  const { mode } = statSync(home);
  if (mode & 0o002) return warn("home", `everybody may write ${home}`, `chmod o-w ${home}`);
  return ok("home", home);
}

function mayWrite(place: string): boolean {
  try {
    accessSync(place, constants.R_OK | constants.W_OK | (statSync(place).isDirectory() ? constants.X_OK : 0));
    return true;
  } catch {
    return false;
  }
}

/** Folders of files and database, the second where it is on another disk. */
function disks(): readonly string[] {
  const { folder } = openStore();
  const home = assayHome();
  const isOther = process.env["DATABASE_URL"] === undefined && deviceOf(folder) !== deviceOf(home);
  return isOther ? [folder, home] : [folder];
}

function checkDisk(folder: string): Check {
  const { freeBytes, reserveBytes } = diskSpace(folder);
  const detail = `${megabytes(freeBytes)} free for ${folder}`;
  const remedy = "free space (assay retention --dry-run shows what may go), or set ASSAY_STORE to another disk";
  if (freeBytes < reserveBytes)
    return fail(
      "disk",
      `${detail}, less than the ${megabytes(reserveBytes)} that are kept: uploads and fits are refused`,
      remedy,
    );
  if (freeBytes < 2 * reserveBytes)
    return warn("disk", `${detail}, uploads are refused below ${megabytes(reserveBytes)}`, remedy);
  return ok("disk", detail);
}

function checkMemory(): Check {
  const there = memoryBytes();
  const { totalMb } = limitsOf(1);
  const detail = `${totalMb} MB for jobs of ${megabytes(there)}, ${megabytes(freemem())} free now`;
  if (totalMb * 2 ** 20 > there) return warn("memory", `${detail}: more than there is`, "lower ASSAY_MEMORY_MB");
  if (totalMb < 1024)
    return warn("memory", `${detail}: little for a forest or a network`, "raise ASSAY_MEMORY_MB, or take a larger machine");
  return ok("memory", detail);
}

function checkSettings(): readonly Check[] {
  const found = [
    ...wrongNumbers(process.env).map((wrong) => fail("settings", wrong, "correct its value, or unset it")),
    ...unknownSettings(process.env).map(({ name, near }) =>
      warn("settings", `nothing reads ${name}${near}`, "correct its name, or unset it"),
    ),
  ];
  return found.length > 0 ? found : [ok("settings", "every ASSAY_ setting is known")];
}

/** Whether the settings of the log are such that a program starts with them. */
function checkLogs(): Check {
  const { LOG_LEVEL: level = "info", LOG_FILE: file } = process.env;
  try {
    makeLogger("doctor", { write: () => {} });
  } catch (error) {
    return fail("logs", (error as Error).message, "correct its value, or unset it: no service starts with it");
  }
  if (!file) return ok("logs", `${level}, to standard error`);
  const place = placeOf(file);
  const fits = mayWrite(place) && statSync(place).isDirectory() === (place !== resolve(file));
  return fits
    ? ok("logs", `${level}, to ${file}`)
    : fail("logs", `LOG_FILE: must be a file that can be written, got ${file}`, "name another: no service starts with it");
}

/** Whether the service of ASSAY_URL answers, and knows ASSAY_TOKEN. */
async function checkService(): Promise<Check | readonly Check[]> {
  const { ASSAY_URL: url, ASSAY_TOKEN: token } = process.env;
  if (!url) return [];
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    return fail("service", "ASSAY_URL must be an address as https://assay.example.org", "correct it, or unset it");
  const { origin } = new URL(url);
  const alone = { connection: "close" }; // one that an earlier question left says nothing of who listens now
  const headers = token ? { ...alone, authorization: `Bearer ${token}` } : alone;
  try {
    const answer = await fetch(new URL("/api/auth/me", origin), { headers, signal: AbortSignal.timeout(5000) });
    if (!answer.headers.has("assay-version"))
      return fail("service", `what answers at ${origin} is no service of Assay`, "correct ASSAY_URL");
    if (answer.status === 401 && token)
      return fail("service", `${origin} does not know ASSAY_TOKEN: it is wrong, expired or revoked`, "make a new one there");
    return ok("service", `${origin} answers${answer.ok ? ", and knows the token" : ""}`);
  } catch (error) {
    const { message, cause } = error as Error & { readonly cause?: { readonly code?: string } };
    return fail("service", `${origin} does not answer: ${cause?.code ?? message}`, "look whether it runs, or unset ASSAY_URL");
  }
}

/** Whether the port of `assay serve` is free, or ours. */
async function checkPort(): Promise<Check> {
  const port = numberSetting("ASSAY_PORT") ?? 8790;
  if (port === 0) return ok("port", "any free one, at each start another");
  if (!(await answers(port))) return ok("port", `${port} is free`);
  const ours = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2000) }).then(
    (answer) => answer.headers.has("assay-version"),
    () => false,
  );
  return ours
    ? ok("port", `a service of Assay answers on ${port}`)
    : warn("port", `another program listens on ${port}`, "set ASSAY_PORT to a free port");
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: 1000 });
    const end = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", end(true)).once("error", end(false)).once("timeout", end(false));
  });
}
