import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { chromiumPath } from './support/browser-path.ts';
import { createControl } from './support/control.ts';
import type { FleetState } from '../../demo/instances/fleet.ts';
import { isRunning, runToExit, startDemo } from './support/demo-process.ts';

let blocker: Server | null = null;

afterEach(() => {
  blocker?.close();
  blocker = null;
});

function blockPort(): Promise<number> {
  const server = createServer();
  blocker = server;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

describe('starting the demo', () => {
  it('names a page port that is in use, says how to set another one, and exits with 1', async () => {
    const port = await blockPort();
    const { code, output } = await runToExit({ PORT: String(port) });
    expect(code).toBe(1);
    expect(output.trim()).toMatch(new RegExp(`^Port ${port} is in use\\. .*PORT=\\d+ npm run demo$`));
  });

  it('names an API port that is in use, says how to set another one, and exits with 1', async () => {
    const port = await blockPort();
    const { code, output } = await runToExit({ PORT: '0', API_PORT: String(port) });
    expect(code).toBe(1);
    expect(output.trim()).toMatch(new RegExp(`^Port ${port} is in use\\. .*API_PORT=\\d+ npm run demo$`));
  });

  it('says which values a port can have', async () => {
    const { code, output } = await runToExit({ PORT: 'http' });
    expect(code).toBe(1);
    expect(output.trim()).toBe('PORT must be a whole number from 0 to 65535 (0 is any free port), not "http".');
  });

  it('says which addresses an API can have', async () => {
    const { code, output } = await runToExit({ API_URL: 'bonfire' });
    expect(code).toBe(1);
    expect(output.trim()).toMatch(/^API_URL must be an http\(s\) address/);
  });
});

describe('starting the demo with a server', () => {
  it('names an option that it does not have', async () => {
    const { code, output } = await runToExit({ PORT: '0' }, ['--sever']);
    expect(code).toBe(1);
    expect(output.trim()).toBe('The demo has no option "--sever". Its only option is --server: npm run demo -- --server');
  });

  it('says that the server needs the embedded API', async () => {
    const { code, output } = await runToExit({ PORT: '0', API_URL: 'http://127.0.0.1:1/v1' }, ['--server']);
    expect(code).toBe(1);
    expect(output.trim()).toBe('The server of the demo needs the embedded API. Unset API_URL, or leave out --server.');
  });

  it('says which addresses a Redis can have', async () => {
    const { code, output } = await runToExit({ PORT: '0', REDIS_URL: 'localhost' }, ['--server']);
    expect(code).toBe(1);
    expect(output.trim()).toBe('REDIS_URL must be an address such as redis://127.0.0.1:6379.');
  });

  it('says that it cannot reach Redis, and quotes no password', async () => {
    const { code, output } = await runToExit({ PORT: '0', REDIS_URL: 'redis://:a-password@127.0.0.1:1' }, ['--server']);
    expect(code).toBe(1);
    expect(output.trim()).toBe('REDIS_URL names a Redis that cannot be reached. Start it, or unset REDIS_URL to keep the sessions in files.');
  });
});

describe('stopping the demo', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('ends both instances of its server on %s', async (signal) => {
    const demo = await startDemo(['--server']);
    const { instances } = (await (await fetch(new URL('/server/control/instances', demo.apiUrl))).json()) as FleetState;
    const pids = instances.map(({ pid }) => pid);
    expect(pids.map(isRunning)).toEqual([true, true]);
    expect(await demo.stop(signal)).toMatchObject({ code: signal === 'SIGTERM' ? 0 : null });
    await expect.poll(() => pids.map(isRunning)).toEqual([false, false]);
  });

  it('stops both servers even while a request hangs', async () => {
    const demo = await startDemo();
    await createControl(demo.apiUrl).fail({ endpoint: 'refresh', kind: 'hang', times: 1 });
    const hanging = fetch(`${demo.apiUrl}/oauth`, { method: 'POST' }).catch(() => 'connection lost');
    await createControl(demo.apiUrl).until('the hanging request', ({ calls }) => calls.at(-1)?.status === 'hanging');

    expect(await demo.stop()).toMatchObject({ code: 0 });
    expect(await hanging).toBe('connection lost');
    for (const url of [demo.pageUrl, demo.apiUrl]) await expect(fetch(url)).rejects.toThrow();
  });
});

describe('looking for a browser', () => {
  it('fails if CHROMIUM_PATH names no file', () => {
    expect(() => chromiumPath('/nowhere/chromium')).toThrow(/CHROMIUM_PATH is \/nowhere\/chromium, but there is no such file/);
  });
});
