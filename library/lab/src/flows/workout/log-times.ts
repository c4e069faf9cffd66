/** A moment of a log. */
interface LogTime {
  /** Milliseconds since 1970, UTC. */
  readonly time: number;
  /** The day as written, as 2026-07-18. */
  readonly day: string;
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * Reads the times that exports hold: 2019-02-14 07:33:40, 2019-02-14T07:33:40Z, 2019-02-14, 30 Jun 2025, 19:56 and Jun 30, 2025 7:56 PM.
 * Times without a zone are local and counted as UTC. Undefined for any other text, and for days that no calendar has.
 */
export function logTime(text: string): LogTime | undefined {
  const cell = text.trim();
  return isoTime(cell) ?? wordTime(cell);
}

const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/;

function isoTime(cell: string): LogTime | undefined {
  const found = iso.exec(cell);
  if (!found) return undefined;
  const [, year, month, day, hour = "0", minute = "0", second = "0", zone] = found;
  return moment([year, month, day, hour, minute, second].map(Number), offset(zone));
}

function wordTime(cell: string): LogTime | undefined {
  const found =
    /^(?:(\d{1,2}) ([A-Za-z]{3})[a-z]*|([A-Za-z]{3})[a-z]* (\d{1,2})),? (\d{4}),?(?: (\d{1,2}):(\d{2})\s*([AP]M)?)?$/i.exec(cell);
  if (!found) return undefined;
  const [, before, name, nameFirst, behind, year, hour = "0", minute = "0", half] = found;
  const month = months.indexOf((name ?? nameFirst)!.toLowerCase()) + 1;
  const hours = half ? (Number(hour) % 12) + (half.toUpperCase() === "PM" ? 12 : 0) : Number(hour);
  return moment([Number(year), month, Number(before ?? behind), hours, Number(minute), 0], 0);
}

function offset(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone[0] === "-" ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function moment([year, month, day, hour, minute, second]: readonly number[], zoneMs: number): LogTime | undefined {
  const local = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const date = new Date(local);
  const isDay = date.getUTCFullYear() === year && date.getUTCMonth() === month! - 1 && date.getUTCDate() === day;
  const isReal = isDay && hour! < 24 && minute! < 60 && second! < 60;
  return isReal ? { time: local - zoneMs, day: date.toISOString().slice(0, 10) } : undefined;
}
