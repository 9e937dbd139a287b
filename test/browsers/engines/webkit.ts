import { createServer, connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { patience } from '../../support/pace.ts';
import { start, written, type Started } from './child-process.ts';
import type { EngineTab, LaunchOptions, Profile, RunningEngine } from './engine.ts';

const PATIENCE_MS = patience(20_000);
const POLL_MS = 10;

/** The driver sometimes leaves a command unanswered for minutes, probably a script that ran in a page about to load. */
const COMMAND_PATIENCE_MS = patience(60_000);
/** Every script here ends at once, because waiting is done by polling. */
const SCRIPT_PATIENCE_MS = patience(10_000);

let answers = 0;

/** Starts WebKitGTK's driver on a virtual screen. Each profile is a separate browser. */
export async function launchWebKit({ path, proxyPort, thirdPartyCookies }: LaunchOptions): Promise<RunningEngine> {
  const screen = start('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']);
  let driver: Started | undefined;
  const close = async () => {
    await driver?.end();
    await screen.end();
  };
  try {
    const [, display = ''] = await written('Xvfb', screen, /(\d+)\n/);
    const port = await freePort();
    driver = start(path, [`--port=${port}`], { ...process.env, DISPLAY: `:${display}`, NO_AT_BRIDGE: '1' });
    await listens(port);
    const server = `http://127.0.0.1:${port}`;
    const args = [
      ...(proxyPort === undefined ? [] : [`--proxy=http://127.0.0.1:${proxyPort}`, '--ignore-host=localhost', '--ignore-host=127.0.0.1']),
      ...(thirdPartyCookies === undefined ? [] : [`--cookies-policy=${thirdPartyCookies === 'allowed' ? 'always' : 'no-third-party'}`]),
    ];
    const probe = await openBrowser(server, args);
    const version = (await probe.getCapabilities()).getBrowserVersion() ?? 'unknown';
    await probe.quit();
    return { version, openProfile: async () => profileOf(await openBrowser(server, args)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openBrowser(server: string, args: readonly string[]): Promise<WebDriver> {
  const capabilities = new Capabilities({
    browserName: 'MiniBrowser',
    acceptInsecureCerts: true,
    pageLoadStrategy: 'none',
    'webkitgtk:browserOptions': { args: ['--automation', ...args] },
  });
  return new Builder().usingServer(server).withCapabilities(capabilities).build();
}

/** Queues the commands to tabs, because WebDriver has one current window. */
function profileOf(driver: WebDriver): Profile {
  let tail: Promise<unknown> = Promise.resolve();
  let firstWindow: string | undefined;
  const inTurn: InTurn = (what, command) => {
    const result = tail.then(() => answered(what, command(), what === SCRIPT ? SCRIPT_PATIENCE_MS : COMMAND_PATIENCE_MS));
    tail = result.catch(() => undefined);
    return result;
  };
  return {
    output: [], // The driver reports none of this, so the pages record it themselves.
    openTab: async (url) => {
      const handle = await inTurn('open a tab', async () => {
        // The first window stays open. The current one may be a tab that was closed.
        if (firstWindow === undefined) firstWindow = await driver.getWindowHandle();
        else await driver.switchTo().window(firstWindow);
        await driver.switchTo().newWindow('tab');
        return driver.getWindowHandle();
      });
      const tab = tabOf(driver, handle, inTurn);
      await tab.load(url);
      return tab;
    },
    close: () => inTurn('end the browser', () => driver.quit()),
  };
}

const SCRIPT = 'run a script';

type InTurn = <T>(what: string, command: () => Promise<T>) => Promise<T>;

function tabOf(driver: WebDriver, handle: string, inTurn: InTurn): EngineTab & { readonly load: (url: string) => Promise<void> } {
  const inTab: InTurn = (what, command) =>
    inTurn(what, async () => {
      await driver.switchTo().window(handle);
      return command();
    });
  return {
    load: (url) => inTab('load a page', () => driver.get(url)),
    evaluate: (expression) => evaluateIn(<T>(script: string) => inTab(SCRIPT, () => driver.executeScript<T>(script)), expression),
    close: () => inTab('close a tab', () => driver.close()),
  };
}

/** Rejects with the name of the command if the driver does not answer it in time. */
function answered<T>(what: string, answer: Promise<T>, patienceMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`WebKitWebDriver did not ${what} within ${patienceMs / 1000} s.`)), patienceMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

type Execute = <T>(script: string) => Promise<T>;

interface Answer {
  readonly pending?: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

/** Evaluates an expression without waiting in the driver, which would block every other tab. The script leaves its result in the page, and polls read it. */
async function evaluateIn(execute: Execute, expression: string): Promise<unknown> {
  const slot = `answer${(answers += 1)}`;
  await execute(`
    const answers = (window.awaitedAnswers ??= {});
    answers.${slot} = { pending: true };
    new Promise((resolve) => resolve(${expression})).then(
      (value) => (answers.${slot} = { value }),
      (error) => (answers.${slot} = { error: String(error?.message ?? error) }),
    );`);
  for (;;) {
    const answer = await execute<Answer | null>(`
      const answer = window.awaitedAnswers?.${slot} ?? null;
      if (!answer?.pending) delete window.awaitedAnswers?.${slot};
      return answer;`);
    if (answer === null) throw new Error('The page went away before it had answered.');
    if (answer.error !== undefined) throw new Error(answer.error);
    if (!answer.pending) return answer.value;
    await pause(POLL_MS);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Waits until a server listens on a port. */
async function listens(port: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isOpen(port))) {
    if (performance.now() > deadline) throw new Error(`WebKitWebDriver does not listen on port ${port}.`);
    await pause(POLL_MS);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true)).once('error', () => settle(false));
  });
}
