import { useCallback, useEffect, useRef, useState } from "react";

/** Does what the reader asks, and holds what went wrong of the last. */
interface Action {
  /** Calls `onDone` with the answer once it is done; tells whether it was. */
  act<T>(action: () => Promise<T>, onDone?: (answer: T) => void): Promise<boolean>;
  /** null: nothing went wrong. */
  failure: unknown;
  /** Whether it is being done. */
  busy: boolean;
  /** Forgets what went wrong, as where the reader changes what was refused. */
  forget(): void;
}

/** What a reader sets off by a button; `onDone` is called after each that was done, unless it has an end of its own. */
export function useAction(onDone?: () => void): Action {
  const [failure, setFailure] = useState<unknown>(null);
  const [running, setRunning] = useState(0);
  const latest = useRef(onDone);
  useEffect(() => {
    latest.current = onDone;
  });
  const act = useCallback(async <T>(action: () => Promise<T>, onAnswer?: (answer: T) => void) => {
    setFailure(null);
    setRunning((count) => count + 1);
    try {
      const answer = await action();
      if (onAnswer) onAnswer(answer);
      else latest.current?.();
      return true;
    } catch (error) {
      setFailure(error);
      return false;
    } finally {
      setRunning((count) => count - 1);
    }
  }, []);
  const forget = useCallback(() => setFailure(null), []);
  return { act, failure, busy: running > 0, forget };
}
