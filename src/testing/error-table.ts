/** What the API says with each of its error codes: HTTP status and message. */
const TABLE: Readonly<Record<number, readonly [status: number, message: string]>> = {
  400: [401, 'The request does not say who makes it, or not in a way that can be read.'],
  401: [401, 'A valid access token is required here.'],
  403: [401, 'Please wait before asking for another code.'],
  410: [403, 'This version of the app is too old.'],
  420: [401, 'This needs the access token of a user.'],
  450: [401, 'The access token is not, or is no longer, good for this request.'],
  451: [400, 'The refresh token is not valid.'],
  452: [401, 'The token does not belong to the App Key of this API.'],
  460: [403, 'This refresh token cannot bring another access token: log in again.'],
  600: [400, 'A parameter is missing or cannot be used.'],
  700: [404, 'There is nothing at this path.'],
  702: [404, 'There is no such bot.'],
  703: [404, 'There is no such post.'],
  711: [401, 'This profile has blocked you.'],
  712: [401, 'This profile is not open to you.'],
  730: [401, 'You are not allowed to do that.'],
  740: [401, 'You have blocked this profile.'],
  800: [409, 'The password has to be reset first.'],
  810: [409, 'This profile is suspended.'],
  900: [405, 'This path does not take that method.'],
  910: [400, 'This version of the API is not served.'],
  970: [409, 'Something else changed at the same time.'],
  980: [500, 'The server is in trouble.'],
};

/** The HTTP status that goes with an error code; 400 for a code of your own. */
export function statusOfCode(code: number): number {
  return TABLE[code]?.[0] ?? 400;
}

/** The message that goes with an error code. */
export function messageOfCode(code: number): string {
  return TABLE[code]?.[1] ?? `Error ${code}.`;
}
