/** Ends a service by a signal, or when the process that started it is gone. Exit code 1: the Jupyter proxy starts only failed services again. */
export function endWith(close: () => Promise<unknown>): void {
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await close();
    process.exit(1);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), 1000).unref();
}
