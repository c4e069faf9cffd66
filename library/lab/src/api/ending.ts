/** Whose service it is: Jupyter's ends with the process that started it, and its exit code is 1, for Jupyter's proxy starts only failed services again. */
interface EndingOptions {
  readonly ofJupyter: boolean;
}

/** Ends a service in order by SIGTERM, SIGINT or SIGHUP: exit code 0, as an init system expects. */
export function endWith(close: () => Promise<unknown>, { ofJupyter }: EndingOptions): void {
  let ending = false;
  const end = async (): Promise<void> => {
    if (ending) return;
    ending = true;
    await close();
    process.exit(ofJupyter ? 1 : 0);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, end);
  if (!ofJupyter) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), 1000).unref();
}
