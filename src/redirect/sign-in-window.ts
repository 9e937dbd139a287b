/** A window that was opened for a sign-in. */
export interface PopupWindow {
  readonly isClosed: () => boolean;
  readonly go: (url: string) => void;
  readonly close: () => void;
}

/** What a sign-in does with the window of the page. */
export interface SignInWindow {
  /** The address of the page. */
  readonly href: () => string;
  /** Leaves the page. */
  readonly go: (url: string) => void;
  /** Shows another path of this origin in the address bar, without loading it and without an entry in the history. */
  readonly rename: (path: string) => void;
  /** Opens an empty window; `null` if the browser blocks it. */
  readonly openPopup: () => PopupWindow | null;
  /** Closes this window, which is a pop-up. */
  readonly close: () => void;
}

/** Creates the window of the browser. It touches nothing before its first use. */
export function browserWindow(): SignInWindow {
  return {
    href: () => window.location.href,
    go: (url) => window.location.assign(url),
    rename: (path) => window.history.replaceState(window.history.state, '', path),
    openPopup() {
      const popup = window.open('', '_blank', 'popup,width=480,height=720');
      return popup && { isClosed: () => popup.closed, go: (url) => void (popup.location.href = url), close: () => popup.close() };
    },
    close: () => window.close(),
  };
}
