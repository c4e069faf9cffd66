import { ParamsError } from "assay";
import { CronExpressionParser } from "cron-parser";

/** As many fields as there must be; the parser would fill in others, and draw an H anew at each reading. */
const fields = /^(?!.*\bH\b)\s*(@[a-z]+|\S+(\s+\S+){4,5})\s*$/;

/**
 * The first instant behind `after` at which a cron text fires in a time zone. Throws ParamsError for a text or zone that means nothing, and
 * for one that never fires.
 */
export function nextFiring(cron: string, timezone: string, after: Date): Date {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
  } catch {
    throw Object.assign(new ParamsError(`schedule: no time zone "${timezone}", take an IANA name as Europe/Berlin`), {
      field: "timezone",
      value: timezone,
    });
  }
  try {
    if (!fields.test(cron)) throw new Error("it must be five fields, six with seconds in front, or a word as @daily");
    return CronExpressionParser.parse(cron, { tz: timezone, currentDate: after }).next().toDate();
  } catch (cause) {
    throw Object.assign(new ParamsError(`schedule: cron "${cron}" cannot be read: ${(cause as Error).message}`, { cause }), {
      field: "cron",
      value: cron,
    });
  }
}
