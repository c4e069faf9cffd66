const form = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?:(Z)|([+-])(\d{2})(?::?(\d{2}))?)?)?$/;

/** Milliseconds since 1970 of an ISO 8601 date or time, UTC where it names no zone; NaN for text that is none, or no day of the calendar. */
export function instantOfText(text: string): number {
  const found = form.exec(text);
  if (!found) return Number.NaN;
  const part = (k: number): number => Number(found[k] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  if (hour > 23 || minute > 59 || second > 59) return Number.NaN;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return Number.NaN;
  date.setUTCHours(hour, minute, second, Number((found[7] ?? "0").padEnd(3, "0").slice(0, 3)));
  const offset = (part(10) * 60 + part(11)) * 60_000;
  return date.getTime() - (found[9] === "-" ? -offset : offset);
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** `instantOfText` of the bytes of a plain date, `2020-02-29`; NaN for anything else. */
export function instantOfDateBytes(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 10 || bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return Number.NaN;
  const year = 100 * twoDigits(bytes, from) + twoDigits(bytes, from + 2);
  const month = twoDigits(bytes, from + 5);
  const day = twoDigits(bytes, from + 8);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (!(month >= 1 && month <= 12 && day >= 1 && year >= 0)) return Number.NaN;
  if (day > monthDays[month - 1]! + (isLeap && month === 2 ? 1 : 0)) return Number.NaN;
  // days since 1970 of the proleptic Gregorian calendar, the year beginning in March
  const shifted = month > 2 ? year : year - 1;
  const century = Math.floor(shifted / 100);
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const days = 365 * shifted + Math.floor(shifted / 4) - century + Math.floor(century / 4) + dayOfYear - 719_468;
  return days * 86_400_000;
}

/** The number of two digits, far below zero where they are none. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -1e6;
}
