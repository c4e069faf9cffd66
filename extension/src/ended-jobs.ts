import type { Job } from "assay-lab/contract";
import type { Api } from "./api";
import { jobRoutes } from "./job-routes";

/** Two services' clocks may differ by so much, and a transaction may take so long. */
const overlapMs = 60_000;
/** Ends before that are news no more. */
const oldestMs = 7 * 86_400_000;
const keptMost = 200;

/** What this browser was told of a service's jobs. */
interface Heard {
  /** Instant of the newest end, by the service's clock. */
  until: string;
  /** Ends that were told, by job and attempt. */
  told: string[];
}

/**
 * The ends of jobs, each told once in a browser: also those that came while no page was open, or seen. What was told is kept in the browser, so that
 * a reload or another page of the same JupyterLab does not tell it again; the first page of all tells nothing old.
 */
export class EndedJobs {
  private readonly api: Api;
  private readonly key: string;
  private reading: Promise<Job[]> | null = null;

  constructor(api: Api) {
    this.api = api;
    this.key = `assay:ended-jobs:${api.address("")}`;
  }

  /** Jobs that have ended since it was asked last, oldest first. */
  async news(): Promise<Job[]> {
    // one after the other: two at once would tell the same
    this.reading = (this.reading ?? Promise.resolve([])).catch(() => []).then(() => this.read());
    return this.reading;
  }

  private async read(): Promise<Job[]> {
    const heard = this.heard;
    if (!heard) {
      const { items } = await jobRoutes.ended(this.api, { sort: "-completed_at", limit: 1 });
      this.keep({ until: items[0]?.completed_at ?? new Date(0).toISOString(), told: items.map(endOf) });
      return [];
    }
    const since = Math.max(Date.parse(heard.until) - overlapMs, Date.now() - oldestMs);
    const { items } = await jobRoutes.ended(this.api, { sort: "completed_at", limit: 200, since: new Date(since).toISOString() });
    const now = this.heard ?? heard; // another page may have told them meanwhile
    const fresh = items.filter((job) => !now.told.includes(endOf(job)));
    const until = [now.until, ...items.flatMap(({ completed_at }) => completed_at ?? [])].sort().at(-1)!;
    this.keep({ until, told: [...now.told, ...fresh.map(endOf)].slice(-keptMost) });
    return fresh;
  }

  private get heard(): Heard | null {
    try {
      const { until, told } = JSON.parse(localStorage.getItem(this.key) ?? "null") as Heard;
      return Number.isNaN(Date.parse(until)) || !Array.isArray(told) ? null : { until, told };
    } catch {
      return null;
    }
  }

  private keep(heard: Heard): void {
    try {
      localStorage.setItem(this.key, JSON.stringify(heard));
    } catch (error) {
      console.warn("assay: this browser keeps nothing, an ended job may be told twice", error);
    }
  }
}

function endOf({ job_id, attempt }: Job): string {
  return `${job_id}:${attempt}`;
}
