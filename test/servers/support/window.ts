import type { SignInWindow } from 'unexpired/redirect';
import { APP } from './authorization-server.ts';

/** The window of a page, whose address only changes by `go` and `rename`. */
export interface FakeWindow extends SignInWindow {
  at: string;
  /** The addresses that the page was left for. */
  readonly left: string[];
  isClosed: boolean;
}

/** Creates the window of a page of the app. */
export function createWindow(openPopup: SignInWindow['openPopup'] = () => null): FakeWindow {
  const window: FakeWindow = {
    at: `${APP}/posts?page=2`,
    left: [],
    isClosed: false,
    href: () => window.at,
    go(url) {
      window.at = new URL(url, window.at).href;
      window.left.push(window.at);
    },
    rename: (path) => void (window.at = new URL(path, window.at).href),
    openPopup,
    close: () => void (window.isClosed = true),
  };
  return window;
}
