import { RateError } from "assay";
import { numberSetting } from "../number-setting.ts";

/** Streams that one service keeps open; each holds a subscription and a socket. */
const streamsMost = numberSetting("ASSAY_STREAMS_MAX") ?? 1000;
let open = 0;

/** Counts a stream of events in until the answer is called. Throws RateError where there are too many. */
export function openStream(most = streamsMost): () => void {
  if (open >= most)
    throw new RateError(`events: ${most} streams are open, the most that this service keeps: close one, or try again later`);
  open++;
  let closed = false;
  return () => {
    if (!closed) open--;
    closed = true;
  };
}

/** Streams that are open now. */
export function streamCount(): number {
  return open;
}
