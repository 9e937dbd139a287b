import { failure, seenError, type Case } from './page/case.ts';
import { REPLAYS, WAYS, type Way } from './ways.ts';

/** A case in which `client.fetch` differs from `fetch`, with the reason. */
export interface Difference extends Case {
  readonly because: string;
  /** Part of the outcome of `client.fetch`. */
  readonly ours: unknown;
  /** The ways in which it differs. */
  readonly ways: readonly Way[];
}

const authError = (code: string) => ({ name: 'AuthError', code });

/** Every case in which `client.fetch` is not like `fetch`. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: 'resolves a path from the root against the base URL',
    because: 'a relative address belongs to the API, not to the page',
    run: ({ fetch }) => fetch('/echo').then(({ url }) => new URL(url).pathname),
    shows: '/echo',
    ours: '/v1/echo',
    ways: WAYS,
  },
  {
    name: 'appends a lone query to the base URL',
    because: 'a relative address belongs to the API, not to the page',
    run: ({ fetch }) => fetch('?a=1').then(({ url }) => new URL(url).pathname),
    shows: '/v1/',
    ours: '/v1',
    ways: WAYS,
  },
  {
    name: 'rejects with an AuthError for an origin that is not allowed, and sends nothing',
    because: 'the token must not go there',
    run: ({ fetch, stranger }) => fetch(`${stranger}/echo`).then(({ status }) => status, seenError),
    shows: 200,
    ours: authError('origin_not_allowed'),
    ways: WAYS,
  },
  {
    name: 'rejects with an AuthError for a data: address',
    because: 'it has no origin that could be allowed',
    run: ({ fetch }) => fetch('data:,hello').then((response) => response.text(), seenError),
    shows: 'hello',
    ours: authError('origin_not_allowed'),
    ways: WAYS,
  },
  {
    name: 'rejects with an AuthError while signed out',
    because: 'there is no token to send',
    run: ({ fetch }) => fetch('echo').then(({ status }) => status, seenError),
    shows: 200,
    ours: authError('signed_out'),
    ways: ['signed out'],
  },
  {
    name: 'does not send a stream again after a rejected token',
    because: 'it can be read only once; the caller gets the rejection, and the token is refreshed for the next call',
    run: ({ fetch }) => fetch('echo', { method: 'POST', duplex: 'half', body: new Blob(['streamed']).stream() } as RequestInit).then(({ status }) => status),
    shows: 200,
    ours: 401,
    ways: REPLAYS,
  },
  {
    name: 'does not replay a call with an integrity check',
    because: 'the browser checks the rejection against it and does not reveal its status',
    run: ({ fetch }) => fetch('status?code=200&text=hello', { integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' }).then(({ status }) => status, seenError),
    shows: 200,
    ours: { kind: 'TypeError' },
    ways: REPLAYS,
  },
  {
    name: 'rejects an invalid address with another message',
    because: 'it parses the address first to find out where the token would go',
    run: ({ fetch }) => failure(fetch('https://[')),
    shows: { kind: 'TypeError', message: /Failed to parse URL/ },
    ours: { kind: 'TypeError', message: 'Invalid URL' },
    ways: WAYS,
  },
  {
    name: 'rejects with a TypeError for an address that is undefined',
    because: 'it cannot be meant, and fetch would request the path "undefined"',
    run: ({ fetch }) => fetch(undefined as unknown as string).then(({ status }) => status, seenError),
    shows: 404,
    ours: { kind: 'TypeError' },
    ways: [...WAYS, 'signed out'],
  },
  {
    name: 'rejects an invalid signal with another message',
    because: 'it listens to the signal while it waits for a token, before fetch checks it',
    run: ({ fetch }) => failure(fetch('echo', { signal: {} as AbortSignal })),
    shows: { kind: 'TypeError' },
    ours: { kind: 'TypeError', message: /addEventListener/ },
    ways: ['after a wait'],
  },
];
