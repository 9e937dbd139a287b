import { createServer } from 'node:http';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { SessionCookieOptions } from 'unexpired/server';
import { inject } from 'vitest';
import { listen } from '../../browsers/server/listening.ts';
import { startApp, type AttackedApp } from '../../server/attacks/support/app.ts';
import { openContext } from '../support/browser.ts';

/** Chromium takes each name below `localhost` for this machine. Two names below `shop.localhost` are of one site. */
const HOSTS = { app: 'web.shop.localhost', 'another subdomain': 'blog.shop.localhost', 'another site': 'evil.localhost' } as const;

export type Attacker = Exclude<keyof typeof HOSTS, 'app'>;

/** An app, and a browser with a page of it and one of an attacker. */
export interface AttackScene {
  readonly app: AttackedApp;
  readonly appUrl: string;
  /** A page of the app. */
  readonly own: Page;
  /** A page of the attacker in the same browser. */
  readonly evil: Page;
  readonly evilUrl: string;
  readonly signIn: (user: string) => Promise<void>;
  /** Opens another page of the app, and returns the user that it shows. */
  readonly subject: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}

/** Opens an app and an attacker's page. */
export async function openScene(attacker: Attacker, cookie: SessionCookieOptions = {}): Promise<AttackScene> {
  const app = await startApp({ cookie });
  const site = await listen(createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>attacker</title>')));
  const browser: Browser = await chromium.connect(inject('chromium'));
  const context = await openContext(browser);
  const appUrl = `http://${HOSTS.app}:${app.port}`;
  const [own, evil] = [await context.newPage(), await context.newPage()];
  await own.goto(appUrl);
  const evilUrl = `http://${HOSTS[attacker]}:${site.port}`;
  await evil.goto(evilUrl);
  return {
    app,
    appUrl,
    own,
    evil,
    evilUrl,
    signIn: (user) => own.evaluate(async (body) => void (await fetch('/auth/sign-in', { method: 'POST', headers: { 'x-csrf': '1' }, body })), user),
    async subject() {
      const page = await context.newPage();
      await page.goto(appUrl);
      const { subject } = await page.evaluate(async () => (await (await fetch('/auth/session')).json()) as { subject: string | null });
      await page.close();
      return subject;
    },
    async close() {
      await context.close();
      await browser.close();
      await Promise.all([app.close(), site.close()]);
    },
  };
}
