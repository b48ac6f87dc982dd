import { Temporal } from "temporal-polyfill";
import { InputError } from "../errors.ts";

const HOUR_MS = 60 * 60 * 1000;

/** @throws InputError unless `name` is one of the IANA time zones: an offset such as `+01:00` knows no summer time */
export function checkTimeZone(name: string): string {
  if (/^[A-Za-z]/.test(name) && isKnown(name)) return name;
  throw new InputError(
    "TIME_ZONE_UNKNOWN",
    "the time zone is not one of the IANA database",
    "timeZone",
    "name a place such as Europe/Berlin or America/New_York, or UTC",
  );
}

function isKnown(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whether `text` is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}

/**
 * The instant at which a day is over in a time zone: the first moment of the next day. That is not always midnight, nor
 * 24 hours after the day began.
 *
 * @param day `YYYY-MM-DD`
 * @returns milliseconds since the epoch
 */
export function endOfDay(day: string, timeZone: string): number {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds;
}

/** Which day an instant falls on in a time zone, `YYYY-MM-DD`. */
export function dayOf(atMs: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/** The day `count` days after `day`. */
export function addDays(day: string, count: number): string {
  return Temporal.PlainDate.from(day).add({ days: count }).toString();
}

/** When access has to be gone: the end of the last working day plus that many hours as they pass on a clock. */
export function removalDueAt(lastWorkingDay: string, timeZone: string, slaHours: number): number {
  return endOfDay(lastWorkingDay, timeZone) + slaHours * HOUR_MS;
}

/** `2026-03-01T10:15:30.000Z`; milliseconds are kept, so that two instants compare as texts. */
export function toIso(atMs: number): string {
  return new Date(atMs).toISOString();
}
