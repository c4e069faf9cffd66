import { totalmem } from "node:os";

/** Bytes of memory that this machine has, or the container that this process runs in. */
export function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Infinity);
}
