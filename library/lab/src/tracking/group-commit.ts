/** What waits to be committed, and who waits for it. */
interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** How a group commit runs. */
interface GroupCommitOptions {
  /** Commits under way at once; default 2: one is written while the other is made ready. */
  readonly lanes?: number;
  /** Sum of sizes in one commit at most; default 20,000. */
  readonly most?: number;
}

/**
 * Joins what many callers write at the same time into one transaction: whoever comes while a commit is under way shares the next. Each
 * caller is answered after the commit that holds its item. A group that fails is done again item by item, so that an error is its own caller's.
 */
export function groupCommit<T, R>(
  commit: (items: readonly T[]) => Promise<readonly R[]>,
  sizeOf: (item: T) => number,
  { lanes = 2, most = 20_000 }: GroupCommitOptions = {},
): (item: T) => Promise<R> {
  let waiting: Waiting<T, R>[] = [];
  let running = 0;

  const next = (): void => {
    if (running >= lanes || waiting.length === 0) return;
    const group = takeGroup();
    running++;
    void settle(group).finally(() => {
      running--;
      next();
    });
  };

  const takeGroup = (): Waiting<T, R>[] => {
    let size = 0;
    let count = 0;
    while (count < waiting.length) {
      size += sizeOf(waiting[count]!.item);
      if (count > 0 && size > most) break;
      count++;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  };

  const settle = async (group: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await commit(group.map(({ item }) => item));
      for (const [k, { resolve }] of group.entries()) resolve(results[k]!);
    } catch (error) {
      if (group.length === 1) group[0]!.reject(error);
      else for (const each of group) await settle([each]);
    }
  };

  return (item) =>
    new Promise<R>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      queueMicrotask(next);
    });
}
