const ISO_DATE_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-](?:[01]\d|2[0-3])):?([0-5]\d))$/;

/**
 * Reads a complete ISO 8601 date-time with an offset, in either spelling (`+00:00`, `+0000`, `Z`).
 *
 * Engines disagree on what `Date.parse` accepts beyond the one spelling of ECMA-262, so the text is converted to that one.
 * A date that does not exist (30 February, hour 25) or has no offset is refused.
 *
 * @param text such as `2019-05-25T23:51:58+0000`
 * @returns epoch milliseconds, or `null` if the text is not such a date
 * @see the Bonfire document, `expires_at`; ECMA-262, Date Time String Format
 */
export function parseIsoDate(text: string): number | null {
  const match = ISO_DATE_TIME.exec(text);
  if (!match) return null;
  const [, local = '', fraction = '', hours = '+00', minutes = '00'] = match;
  // Some engines read 30 February as 2 March. Only an existing date survives the round trip.
  const exists = new Date(`${local}Z`).toJSON()?.startsWith(local);
  return exists ? Date.parse(`${local}.${fraction.padEnd(3, '0').slice(0, 3)}${hours}:${minutes}`) : null;
}
