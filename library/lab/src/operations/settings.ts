import { suggest } from "assay";

/** Settings that are read from the environment, by name: what each says. */
export const settings: Readonly<Record<string, string>> = {
  ASSAY_HOME: "the folder of database, files, cache and logs",
  ASSAY_STORE: "the folder of files",
  ASSAY_DATA: "where example tables are looked for first",
  ASSAY_URL: "the service that connect() goes to",
  ASSAY_TOKEN: "the token of the service",
  ASSAY_THREADS: "threads of a fit",
  ASSAY_WORKERS: "jobs side by side; 0 starts no worker",
  ASSAY_MEMORY_MB: "memory of all jobs of a worker",
  ASSAY_FAST: "notebooks take their small path",
  ASSAY_HOST: "the address that the service listens on",
  ASSAY_PORT: "the port that it listens on",
  ASSAY_ALLOWED_ORIGINS: "pages elsewhere that may ask",
  ASSAY_TRUSTED_PROXIES: "proxies whose word on the caller's address is taken",
  ASSAY_DISK_RESERVE_MB: "room that is kept free on the disk of the store",
  ASSAY_STREAMS_MAX: "streams of events that a service keeps open",
  ASSAY_REQUEST_SECONDS: "how long a request may take",
  ASSAY_CONNECTIONS_MAX: "connections that a service takes",
  ASSAY_LAG_MS: "lag of the event loop above which requests are refused",
  ASSAY_SILENCE_SECONDS: "how long the database may be silent",
  ASSAY_CHECKPOINT_SECONDS: "time between checkpoints of a job",
  ASSAY_SYSTEM_METRICS_SECONDS: "time between samples of processor and memory of a job's run; 0 takes none",
  SPARK_REMOTE: "the Spark Connect server on which the ETL and lab.spark run: sc://host:port/;token=…;user_id=…",
  ASSAY_SPARK_MODELS: "where Spark writes the models that it fits, as it sees the place",
  ETL_MIN_TRAIN_MB: "size that the training rows of the ETL must exceed",
  ETL_MIN_TEST_MB: "size that its test rows must exceed",
  ETL_STATEMENT_SECONDS: "how long the ETL's source may take for a question",
  ASSAY_NODE: "the Node of kernel and service",
  ASSAY_KERNEL: "the kernel's program",
  ASSAY_KERNEL_CONVERTER: "what compiles cells: assay or tslab",
  ASSAY_PARENT: "set by a service for its worker",
  ASSAY_SETUP_MS: "set by npm start",
  ASSAY_SOURCE_URL: "the database that feature views and the ETL may read",
  ASSAY_CHROMIUM: "the browser of the tests",
  ASSAY_NOTEBOOK_OUT: "where the tests write notebooks",
  ASSAY_TEST_HOME: "the database of the tests",
  ASSAY_KILLS: "kills of the crash test",
  ASSAY_KILL_SEED: "their seed",
  ASSAY_SECURITY_RESULTS: "file for what the security suites found",
  ASSAY_FIGURES: "file for the figures of suites that npm run reliability asks for",
  ASSAY_FUZZ: "damaged files of the fuzz test",
};

/** A setting that nothing reads. */
interface UnknownSetting {
  readonly name: string;
  /** ", did you mean …?", or nothing. */
  readonly near: string;
}

/** Settings of an environment that begin with ASSAY_ and that nothing reads: misspelt, most likely. */
export function unknownSettings(environment: NodeJS.ProcessEnv): readonly UnknownSetting[] {
  const known = Object.keys(settings);
  return Object.keys(environment)
    .filter((name) => name.startsWith("ASSAY_") && !known.includes(name))
    .sort()
    .map((name) => ({ name, near: suggest(name, known) }));
}
