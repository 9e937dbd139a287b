import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { chromiumPath } from './support/browser-path.ts';
import { createControl } from './support/control.ts';
import { runToExit, startDemo } from './support/demo-process.ts';

let occupant: Server | null = null;

afterEach(() => {
  occupant?.close();
  occupant = null;
});

function occupy(): Promise<number> {
  const server = createServer();
  occupant = server;
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

describe('starting the demo', () => {
  it('names the port and what to do when it is taken, and exits with 1', async () => {
    const port = await occupy();
    const { code, output } = await runToExit({ PORT: String(port) });
    expect(code).toBe(1);
    expect(output.trim()).toMatch(new RegExp(`^Port ${port} is taken\\. .*PORT=\\d+ npm run demo$`));
  });

  it('does so for the API’s port, too', async () => {
    const port = await occupy();
    const { code, output } = await runToExit({ PORT: '0', API_PORT: String(port) });
    expect(code).toBe(1);
    expect(output.trim()).toMatch(new RegExp(`^Port ${port} is taken\\. .*API_PORT=\\d+ npm run demo$`));
  });

  it('says what a port has to be', async () => {
    const { code, output } = await runToExit({ PORT: 'http' });
    expect(code).toBe(1);
    expect(output.trim()).toBe('PORT must be a whole number from 0 to 65535 (0 is any free port), not "http".');
  });

  it('says what the address of an API has to be', async () => {
    const { code, output } = await runToExit({ API_URL: 'bonfire' });
    expect(code).toBe(1);
    expect(output.trim()).toMatch(/^API_URL must be an http\(s\) address/);
  });
});

describe('stopping the demo', () => {
  it('leaves nothing behind, even while a request hangs', async () => {
    const demo = await startDemo();
    await createControl(demo.apiUrl).fail({ endpoint: 'refresh', kind: 'hang', times: 1 });
    const hanging = fetch(`${demo.apiUrl}/oauth`, { method: 'POST' }).catch(() => 'broken');
    await createControl(demo.apiUrl).until('the request hangs', ({ calls }) => calls.at(-1)?.status === 'hanging');

    expect(await demo.stop()).toMatchObject({ code: 0 });
    expect(await hanging).toBe('broken');
    for (const url of [demo.pageUrl, demo.apiUrl]) await expect(fetch(url)).rejects.toThrow();
  });
});

describe('looking for a browser', () => {
  it('stops at a CHROMIUM_PATH that names nothing', () => {
    expect(() => chromiumPath('/nowhere/chromium')).toThrow(/CHROMIUM_PATH names \/nowhere\/chromium, and there is no such file/);
  });
});
