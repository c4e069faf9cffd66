// What processes of this machine take, as Linux tells it, and signals to them; one that has just ended takes nothing.
import { readdirSync, readFileSync } from "node:fs";

const ofProcess = (pid, file) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
};

/** Sends a process a signal; answers whether it was still there. */
export function tell(pid, signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error.code === "ESRCH") return false;
    throw error;
  }
}

/** Command line of a process. */
export const commandOf = (pid) => ofProcess(pid, "cmdline").replaceAll("\0", " ");

/** Memory of a process in MB; what it shares with n others counts by an nth. */
export const memoryOf = (pid) => Number(/^Pss:\s+(\d+)/m.exec(ofProcess(pid, "smaps_rollup"))?.[1] ?? 0) / 1024;

/** Processor seconds of a process, and of those that it started and that have ended. */
export function secondsOf(pid) {
  const times = ofProcess(pid, "stat").split(") ").at(-1).split(" ").slice(11, 15);
  return times.reduce((total, ticks) => total + Number(ticks), 0) / 100;
}

/** The processes whose environment has `NAME=value`. */
export const processesWith = (setting) =>
  readdirSync("/proc").filter((pid) => /^\d+$/.test(pid) && ofProcess(pid, "environ").split("\0").includes(setting));
