/** What a chore says of itself. */
interface ChoreLog {
  info(message: string): void;
  warn(message: string): void;
}

/**
 * Does work again and again, `everyMs` after it was last begun, never twice at a time. A failure is told as it begins, not each time, and its end is told
 * too: a database that is away for a day is two lines. The answer ends it.
 */
export function repeat(name: string, everyMs: number, work: () => Promise<unknown>, log: ChoreLog): () => void {
  let failure: string | undefined;
  let isBusy = false;
  const once = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      await work();
      if (failure !== undefined) log.info(`${name}: it works again`);
      failure = undefined;
    } catch (error) {
      const { message } = error as Error;
      if (failure === undefined) log.warn(`${name}: ${message}; it is tried again every ${everyMs / 1000} s`);
      failure = message;
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(once, everyMs);
  return () => clearInterval(timer);
}
