import { failure, seenError, type Case } from './page/case.ts';
import { WAYS, type Way } from './ways.ts';

/** Something that ours does otherwise, for a reason. */
export interface Difference extends Case {
  readonly because: string;
  /** Part of what comes out of ours. */
  readonly ours: unknown;
  /** Where it differs. */
  readonly ways: readonly Way[];
}

const authError = (code: string) => ({ name: 'AuthError', code });

/** All that is not like `fetch`. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'a path from the root continues the base URL',
    because: 'a relative address is one of the API, not of the page',
    run: ({ fetch }) => fetch('/echo').then(({ url }) => new URL(url).pathname),
    shows: '/echo',
    ours: '/v1/echo',
    ways: WAYS,
  },
  {
    name: 'a query alone continues the base URL',
    because: 'a relative address is one of the API, not of the page',
    run: ({ fetch }) => fetch('?a=1').then(({ url }) => new URL(url).pathname),
    shows: '/v1/',
    ours: '/v1',
    ways: WAYS,
  },
  {
    name: 'an origin that is not allowed is an AuthError before anything is sent',
    because: 'the token must not go there',
    run: ({ fetch, stranger }) => fetch(`${stranger}/echo`).then(({ status }) => status, seenError),
    shows: 200,
    ours: authError('origin_not_allowed'),
    ways: WAYS,
  },
  {
    name: 'a data: address is an AuthError',
    because: 'it is of no origin, let alone an allowed one',
    run: ({ fetch }) => fetch('data:,hello').then((response) => response.text(), seenError),
    shows: 'hello',
    ours: authError('origin_not_allowed'),
    ways: WAYS,
  },
  {
    name: 'a call without a session is an AuthError',
    because: 'there is no token to send',
    run: ({ fetch }) => fetch('echo').then(({ status }) => status, seenError),
    shows: 200,
    ours: authError('signed_out'),
    ways: ['signed out'],
  },
  {
    name: 'a stream is not sent again after a rejected token',
    because: 'it can be read only once: the caller gets the rejection itself, and the token is renewed for the next call',
    run: ({ fetch }) => fetch('echo', { method: 'POST', duplex: 'half', body: new Blob(['streamed']).stream() } as RequestInit).then(({ status }) => status),
    shows: 200,
    ours: 401,
    ways: ['with a replay'],
  },
  {
    name: 'a rejected token hides behind the integrity of a body',
    because: 'the browser holds the rejection against it and shows nobody its status, so there is no replay',
    run: ({ fetch }) => fetch('status?code=200&text=hello', { integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }).then(({ status }) => status, seenError),
    shows: 200,
    ours: { kind: 'TypeError' },
    ways: ['with a replay'],
  },
  {
    name: 'an address that is none is a TypeError in other words',
    because: 'it is read before it is sent, to see where the token would go',
    run: ({ fetch }) => failure(fetch('https://[')),
    shows: { kind: 'TypeError', message: /Failed to parse URL/ },
    ours: { kind: 'TypeError', message: 'Invalid URL' },
    ways: WAYS,
  },
  {
    name: 'a signal that is none is a TypeError in other words',
    because: 'whoever waits for a token listens to it before fetch sees it',
    run: ({ fetch }) => failure(fetch('echo', { signal: {} as AbortSignal })),
    shows: { kind: 'TypeError' },
    ours: { kind: 'TypeError', message: /addEventListener/ },
    ways: ['after a wait'],
  },
];
