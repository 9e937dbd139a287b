// @vitest-environment node
import { act } from '@testing-library/react';
import { JSDOM } from 'jsdom';
import { AuthProvider, createAuthClient, SignedIn, SignedOut, useAccessToken, useAuth, useAuthedFetch, useSuspenseAccessToken } from 'unexpired';
import { bonfire } from 'unexpired/bonfire';
import { oauth2 } from 'unexpired/oauth2';
import { Suspense } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSetup } from '../support/setup.ts';

const Everything = () => {
  const { status } = useAuth();
  const { accessToken, isRefreshing } = useAccessToken();
  useAuthedFetch();
  return (
    <main>
      <p>{`${status} ${accessToken === null} ${isRefreshing}`}</p>
      <SignedIn>in</SignedIn>
      <SignedOut>out</SignedOut>
    </main>
  );
};

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a server', () => {
  it('renders the loading state without reading a browser global', () => {
    for (const name of ['indexedDB', 'BroadcastChannel', 'localStorage', 'fetch', 'setTimeout', 'performance', 'crypto', 'document', 'window']) {
      vi.stubGlobal(name, undefined);
    }
    const auth = createAuthClient({ protocol: bonfire({ baseUrl: 'https://api.bonfire.test/v1', appKey: 'k' }) });
    const html = renderToString(<AuthProvider client={auth}><Everything /></AuthProvider>);
    expect(html).toBe('<main><p>loading true false</p></main>');
  });

  it('rejects a loader’s call with signed_out at once and leaves no timer behind', async () => {
    vi.useFakeTimers();
    const warn = vi.spyOn(console, 'warn');
    const auth = createAuthClient({ protocol: oauth2({ tokenEndpoint: 'https://id.example.com/token', clientId: 'web', resourceOrigins: ['https://api.example.com'] }) });
    await expect(auth.fetch('https://api.example.com/posts')).rejects.toMatchObject({ code: 'signed_out' });
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', storage: 'memory' });
    expect(vi.getTimerCount()).toBe(0);
    expect(warn).not.toHaveBeenCalled();
  });

  it('renders HTML that hydrates without a mismatch, even if the client is already signed in', async () => {
    const setup = createSetup();
    const { auth } = setup.open();
    const tree = <AuthProvider client={auth}><Everything /></AuthProvider>;
    const html = renderToString(tree);
    await setup.signIn(auth);
    const { window } = new JSDOM(`<div id="root">${html}</div>`);
    vi.stubGlobal('window', window);
    vi.stubGlobal('document', window.document);
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    const errors = vi.spyOn(console, 'error');
    const mismatches: unknown[] = [];
    const root = window.document.getElementById('root')!;
    await act(async () => void hydrateRoot(root, tree, { onRecoverableError: (error) => mismatches.push(error) }));
    expect(mismatches).toEqual([]);
    expect(errors).not.toHaveBeenCalled();
    expect(root.textContent).toBe('signedIn false falsein');
  });

  it('leaves a component that needs a token to the browser', async () => {
    const setup = createSetup();
    const { auth } = setup.open();
    const Token = () => <b>{useSuspenseAccessToken().accessToken.length > 0 ? 'a token' : ''}</b>;
    const tree = <AuthProvider client={auth}><Suspense fallback="wait"><Token /></Suspense></AuthProvider>;
    const html = renderToString(tree);
    expect(html).toContain('wait');
    await setup.signIn(auth);
    const { window } = new JSDOM(`<div id="root">${html}</div>`);
    vi.stubGlobal('window', window);
    vi.stubGlobal('document', window.document);
    vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
    const root = window.document.getElementById('root')!;
    await act(async () => void hydrateRoot(root, tree, { onRecoverableError: () => undefined }));
    expect(root.textContent).toBe('a token');
  });
});
