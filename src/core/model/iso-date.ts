const ISO_DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:Z|([+-])(\d{2}):?(\d{2}))$/;

/**
 * Reads a complete ISO 8601 date-time with an offset, in either spelling (`+00:00`, `+0000`, `Z`).
 *
 * Engines disagree on what `Date.parse` accepts beyond one spelling, so this reader decides alone;
 * a date that does not exist (30 February, hour 25) or has no offset is no date.
 *
 * @param text such as `2019-05-25T23:51:58+0000`
 * @returns epoch milliseconds, or `null` when the text is no such date
 * @see the Bonfire document, `expires_at`
 */
export function parseIsoDate(text: string): number | null {
  const match = ISO_DATE_TIME.exec(text);
  if (!match) return null;
  const part = (index: number) => Number(match[index] ?? 0);
  const month = part(2);
  const day = part(3);
  const daysInMonth = new Date(Date.UTC(2000 + (part(1) % 400), month, 0)).getUTCDate();
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth
    && part(4) <= 23 && part(5) <= 59 && part(6) <= 59 && part(9) <= 23 && part(10) <= 59;
  if (!exists) return null;
  const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  // Built from an always four-digit year, because Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const local = new Date(0);
  local.setUTCFullYear(part(1), month - 1, day);
  local.setUTCHours(part(4), part(5), part(6), milliseconds);
  const offsetMs = (part(9) * 60 + part(10)) * 60_000;
  return local.getTime() - (match[8] === '-' ? -offsetMs : offsetMs);
}
