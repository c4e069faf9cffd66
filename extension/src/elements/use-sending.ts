import { useState } from "react";
import { useAction } from "./use-action";

/** Sends a file, and holds how far it has come and what went wrong. */
interface Sending {
  /** Sends; `onDone` is called with the answer. */
  send<T>(action: (onProgress: (share: number) => void) => Promise<T>, onDone: (answer: T) => void): Promise<void>;
  /** Share sent, 0 to 1; null: nothing is being sent. */
  share: number | null;
  /** null: nothing went wrong. */
  failure: unknown;
}

/** A file that the reader sends. */
export function useSending(): Sending {
  const { act, failure } = useAction();
  const [share, setShare] = useState<number | null>(null);
  const send = async <T>(action: (onProgress: (share: number) => void) => Promise<T>, onDone: (answer: T) => void) => {
    setShare(0);
    await act(() => action(setShare), onDone);
    setShare(null);
  };
  return { send, share, failure };
}
