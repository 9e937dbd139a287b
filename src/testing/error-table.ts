/** The HTTP status and the message of each error code. */
const TABLE: Readonly<Record<number, readonly [status: number, message: string]>> = {
  400: [401, 'The Authorization header is missing or malformed.'],
  401: [401, 'A valid access token is required here.'],
  403: [401, 'Wait before you request another code.'],
  410: [403, 'This version of the app is too old.'],
  420: [401, 'The access token of a user is required here.'],
  450: [401, 'The access token is invalid or expired.'],
  451: [400, 'The refresh token is invalid.'],
  452: [401, 'The token does not belong to the App Key of this API.'],
  460: [403, 'This refresh token cannot be used any more; log in again.'],
  600: [400, 'A parameter is missing or wrong.'],
  700: [404, 'This path does not exist.'],
  702: [404, 'This bot does not exist.'],
  703: [404, 'This post does not exist.'],
  711: [401, 'This profile has blocked you.'],
  712: [401, 'You have no access to this profile.'],
  730: [401, 'You are not allowed to do that.'],
  740: [401, 'You have blocked this profile.'],
  800: [409, 'The password must be reset.'],
  810: [409, 'This profile is suspended.'],
  900: [405, 'This path does not allow the method.'],
  910: [400, 'This version of the API does not exist.'],
  970: [409, 'Another request changed the same thing at the same time.'],
  980: [500, 'The server has an internal error.'],
};

/** Returns the HTTP status of an error code; 400 for a code that is not in the table. */
export function statusOfCode(code: number): number {
  return TABLE[code]?.[0] ?? 400;
}

/** Returns the message of an error code. */
export function messageOfCode(code: number): string {
  return TABLE[code]?.[1] ?? `Error ${code}.`;
}
