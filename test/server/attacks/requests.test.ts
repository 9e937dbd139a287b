import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patience } from '../../support/pace.ts';
import { startApp, type AttackedApp } from './support/app.ts';

let app: AttackedApp;
let ann: string;
beforeEach(async () => {
  app = await startApp({ tokens: 'page' });
  ann = await app.signIn('ann');
});
afterEach(() => app.close());

/** Sends raw bytes, and returns all that the server answers until it closes the connection, or some time has passed. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(app.port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let answer = '';
    socket.setTimeout(patience(500), () => socket.destroy());
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

const lines = (...all: readonly string[]) => [...all, '', ''].join('\r\n');
const HOST = 'Host: app.example.com';
const OF_PAGE = ['x-csrf: 1', 'Sec-Fetch-Site: same-origin'];
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
const subject = async (cookie: string) => (await app.sessions.of({ headers: new Headers({ cookie }) })).snapshot().subject;

describe('the handler over raw HTTP', () => {
  // claim: attack-paths
  it.each([
    '/auth/../auth/token', '//auth/token', '/auth//token', '/auth/%2e%2e/auth/token', '/auth%2ftoken', '/auth\\token', '/auth/token/', '/auth/token%00', '/auth/TOKEN', '/auth/__proto__', '/auth/constructor',
    'http://evil.example/auth/sign-out?/../token', '/auth/sign-out;x=1', '*',
  ])('answers a POST to %s with no token, and ends no session', async (path) => {
    const answer = await raw(lines(`POST ${path} HTTP/1.1`, HOST, 'Origin: https://evil.example', `Cookie: ${ann}`, 'x-csrf: 1', 'Content-Length: 0', 'Connection: close'));
    expect(answer).not.toMatch(app.secrets);
    expect(answer.toLowerCase()).not.toContain('set-cookie');
    expect(await subject(ann)).toBe('ann');
  });

  // claim: attack-header-injection
  it.each([
    ['a value with a line feed', 'x-other: a\nx-csrf: 1', 400],
    ['a header that is folded', 'x-other: a\r\n x-csrf: 1', 400],
    ['a name with a space', 'x-csrf : 1', 400],
    ['the header in the value of another one', 'x-other: x-csrf: 1', 403],
    ['the header twice, with two values', 'x-csrf: 1\r\nx-csrf: 0', 403],
  ])('takes %s for no header of a page', async (_, header, status) => {
    const answer = await raw(lines('POST /auth/sign-out HTTP/1.1', HOST, 'Sec-Fetch-Site: same-origin', `Cookie: ${ann}`, header, 'Content-Length: 0', 'Connection: close'));
    expect(statusOf(answer)).toBe(status);
    expect(await subject(ann)).toBe('ann');
  });

  // claim: attack-cookies
  it.each([
    ['of two users', (other: string) => `${ann}; ${other}`],
    ['of two users in two headers', (other: string) => `${ann}\r\nCookie: ${other}`],
    ['in quotes', () => ann.replace('=', '="').concat('"')],
    ['that is percent-encoded', () => ann.replace('=', '=%20')],
    ['with the public name of the session', () => `__Host-session=${'A'.repeat(22)}`],
    ['with the key of the row', () => `__Host-session=${'{key}'}`],
    ['in another case', () => ann.replace('__Host', '__host')],
    ['without a name', () => ann.replace('__Host-session', '')],
    ['behind an unknown space', () => `\u00a0${ann}`],
    ['of 12 kB beside that of the session', () => `a=${'x'.repeat(12_000)}; b="; ${ann.replace('=', '.x=')}`],
  ])('takes a cookie %s for no session', async (_, make) => {
    const [entry] = await app.sessions.list('ann');
    const cookie = make(await app.signIn('bob')).replace('{key}', entry?.key ?? '');
    const answer = await raw(lines('POST /auth/token HTTP/1.1', HOST, ...OF_PAGE, `Cookie: ${cookie}`, 'Content-Length: 14', 'Connection: close') + '{"after":null}');
    expect([statusOf(answer), answer.split('\r\n\r\n')[1]]).toEqual([401, expect.stringContaining('"signed_out"')]);
    expect(answer).not.toMatch(app.secrets);
  });

  it('answers 431 to cookies beyond the limit of the server, and goes on', async () => {
    const answer = await raw(lines('GET /auth/session HTTP/1.1', HOST, `Cookie: ${'a=b; '.repeat(20_000)}${ann}`, 'Connection: close'));
    expect([431, 0]).toContain(statusOf(answer));
    expect(statusOf(await raw(lines('GET /auth/session HTTP/1.1', HOST, `Cookie: ${ann}`, 'Connection: close')))).toBe(200);
  });

  // claim: attack-unfinished-body
  it('refreshes nothing for a body that stops halfway, and answers others meanwhile', async () => {
    const unfinished = raw(lines('POST /auth/token HTTP/1.1', HOST, ...OF_PAGE, `Cookie: ${ann}`, 'Content-Length: 1000') + '{"after":');
    const other = await raw(lines('POST /auth/token HTTP/1.1', HOST, ...OF_PAGE, `Cookie: ${ann}`, 'Content-Length: 14', 'Connection: close') + '{"after":null}');
    expect(statusOf(other)).toBe(200);
    expect(await unfinished).not.toMatch(app.secrets);
    expect(await subject(ann)).toBe('ann');
  });

  it.each(['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'HEAD', 'PROPFIND'])('answers %s with 405 and no header for other origins', async (method) => {
    const answer = await raw(lines(`${method} /auth/token HTTP/1.1`, HOST, 'Origin: https://evil.example', 'Access-Control-Request-Method: POST', `Cookie: ${ann}`, 'Connection: close'));
    expect(statusOf(answer)).toBe(405);
    expect(answer.toLowerCase()).not.toContain('access-control');
    expect(answer).not.toMatch(app.secrets);
  });
});
