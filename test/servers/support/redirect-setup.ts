import { createAuthClient, type AuthClient } from 'unexpired/core';
import { oauth2, type OAuth2Config } from 'unexpired/oauth2';
import { createRedirectSignIn, type RedirectSignIn, type RedirectSignInConfig, type SignInWindow } from 'unexpired/redirect';
import { vi } from 'vitest';
import type { Tab } from '../../support/world.ts';
import { API, CLIENT_ID, ISSUER, PATHS } from './authorization-server.ts';
import type { Setup } from './setup.ts';
import { createWindow, type FakeWindow } from './window.ts';

/** A page of the app, with its address bar and its history. */
export interface AppPage {
  readonly tab: Tab;
  readonly auth: AuthClient;
  readonly redirect: RedirectSignIn;
  readonly window: FakeWindow;
  /** The addresses of the requests that the page has sent. */
  readonly requests: string[];
  /** Starts a sign-in, follows it at the server, and comes back to the callback page. */
  readonly leave: (options?: Parameters<RedirectSignIn['start']>[0]) => Promise<void>;
  /** The whole way: leave, come back, finish. */
  readonly signIn: (options?: Parameters<RedirectSignIn['start']>[0]) => ReturnType<RedirectSignIn['finish']>;
}

/** What a test changes in a page. */
export interface PageOptions {
  readonly config?: Partial<RedirectSignInConfig>;
  readonly keep?: readonly string[];
  /** Further settings of the protocol. */
  readonly settings?: Partial<OAuth2Config>;
  /** Changes an answer on its way to the page. */
  readonly forge?: (url: string, response: Response) => Promise<Response> | Response;
  readonly openPopup?: SignInWindow['openPopup'];
}

/** Opens a page of the app, in a tab of its own. */
export function openPage(setup: Setup, { config, keep = [], settings = {}, forge = (_, response) => response, openPopup }: PageOptions = {}): AppPage {
  const tab = setup.world.openTab();
  const requests: string[] = [];
  const platform = {
    ...tab.platform,
    async fetch(input: Request | string | URL, init?: RequestInit) {
      const url = typeof input === 'object' && 'url' in input ? input.url : `${input}`;
      requests.push(url);
      const response = await forge(url, await tab.platform.fetch(input, init));
      vi.setSystemTime(tab.platform.now().wall); // oauth4webapi reads the clock of the device.
      return response;
    },
  };
  const protocol = oauth2({ tokenEndpoint: ISSUER + PATHS.token, revocationEndpoint: ISSUER + PATHS.revocation, clientId: CLIENT_ID, resourceOrigins: [API], keep, ...settings });
  const auth = createAuthClient({ protocol, storage: tab.platform.storage, platform });
  const window = createWindow(openPopup);
  const redirect = createRedirectSignIn(auth, { issuer: ISSUER, clientId: CLIENT_ID, redirectUri: '/callback', parameters: { prompt: 'consent' }, storage: tab.platform.storage, window, ...config });

  async function leave(options?: Parameters<RedirectSignIn['start']>[0]): Promise<void> {
    await setup.world.until(redirect.start(options));
    window.at = await setup.network.navigate(window.at);
  }

  return {
    tab,
    auth,
    redirect,
    window,
    requests,
    leave,
    async signIn(options) {
      await leave(options);
      return setup.world.until(redirect.finish());
    },
  };
}
