import { act, cleanup, render } from '@testing-library/react';
import { focusManager, onlineManager, useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { AuthError, AuthProvider, useAuth, type AuthClient } from 'unexpired';
import { AuthQueryProvider, useAuthedMutation } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Activity, hasActivity } from '../support/activity.tsx';
import { eventually } from '../support/eventually.ts';
import { createTestApp, expectNoForeignData, useRecord, type RenderRecord, type TestApp } from './test-app.tsx';

let app: TestApp;
let records: RenderRecord[];
beforeEach(async () => {
  app = await createTestApp();
  records = [];
});
afterEach(() => {
  focusManager.setFocused(undefined);
  onlineManager.setOnline(true);
  cleanup();
});

/** Advances simulated and real time until the assertion holds, because TanStack waits between retries in real time. */
const retried = (assertion: () => void) =>
  eventually(async () => {
    await app.advance(10);
    assertion();
  });

describe('a mutation of a former user', () => {
  const publish = (authedFetch: typeof fetch, text: string) => authedFetch('/users/me/posts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });

  it('is not retried as the next user when its component started it on mount', async () => {
    const outcomes: unknown[] = [];
    const Visit = () => {
      useAuth();
      const { mutateAsync } = useAuthedMutation({ mutationFn: (text: string, { authedFetch }) => publish(authedFetch, text), retry: (_, error) => !AuthError.is(error), retryDelay: 20 });
      const made = useRef(false);
      useEffect(() => {
        if (!made.current) void mutateAsync('by ember').then(() => outcomes.push('sent'), (error: unknown) => outcomes.push(error));
        made.current = true;
      }, [mutateAsync]);
      return null;
    };
    await app.signIn('ember');
    app.setup.world.faultOf = (request) => (request.method === 'POST' ? 'dropBefore' : 'none');
    app.render(<Visit />);
    await app.advance(50);
    await app.signIn('cinder');
    app.setup.world.faultOf = () => 'none'; // Not earlier, because a retry in real time would then succeed as ember.
    await retried(() => expect(outcomes).toMatchObject([{ code: 'session_changed' }]));
    expect(app.setup.answers('myPosts')).toEqual([]);
  });

  it('is cleared for the next user when its component started it on mount', async () => {
    const Visit = () => {
      const visit = useMutation({ mutationFn: async () => 'ember' });
      const { mutate } = visit;
      const made = useRef(false);
      useEffect(() => {
        if (!made.current) mutate();
        made.current = true;
      }, [mutate]);
      useRecord(app, records, visit.data);
      return <p>{visit.data ?? 'nothing'}</p>;
    };
    await app.signIn('ember');
    const page = app.render(<Visit />);
    await app.until(() => expect(page.textContent).toBe('ember'));
    await app.signIn('cinder');
    await app.advance(10);
    expect(page.textContent).toBe('nothing');
    expectNoForeignData(records);
  });

  it('is cleared when the provider gets another client', async () => {
    let mutate: () => void = () => undefined;
    const Write = () => {
      const write = useMutation({ mutationFn: async () => 'by ember' });
      useEffect(() => {
        mutate = write.mutate;
      });
      return <p>{write.data ?? 'nothing'}</p>;
    };
    const tree = (client: AuthClient) => (
      <AuthProvider client={client}>
        <AuthQueryProvider queryClient={app.queryClient}><Write /></AuthQueryProvider>
      </AuthProvider>
    );
    await app.signIn('ember');
    const page = render(tree(app.auth));
    act(() => mutate());
    await app.until(() => expect(page.container.textContent).toBe('by ember'));
    const other = app.setup.open({ storageKey: 'another' }).auth;
    await app.setup.signIn(other, 'cinder');
    page.rerender(tree(other));
    await app.advance(10);
    expect(page.container.textContent).toBe('nothing');
  });

  it('rejects with session_changed when the user changes while it waits for the network', async () => {
    let mutate: () => Promise<unknown> = async () => undefined;
    const Write = () => {
      const write = useAuthedMutation({ mutationFn: (_: void, { authedFetch }) => publish(authedFetch, 'by ember') });
      useEffect(() => {
        mutate = () => write.mutateAsync();
      });
      return <p>{String(write.isPaused)}</p>;
    };
    const page = app.render(<Write />);
    await app.signIn('ember');
    onlineManager.setOnline(false);
    let outcome: unknown = 'still waiting';
    act(() => void mutate().catch((error: unknown) => (outcome = error)));
    await app.until(() => expect(page.textContent).toBe('true'));
    await app.signIn('cinder');
    await act(async () => onlineManager.setOnline(true));
    await app.advance(100);
    expect(outcome).toMatchObject({ code: 'session_changed' });
    expect(app.setup.answers('myPosts')).toEqual([]);
  });

  it('settles when the user changes while it waits for another mutation of its scope', async () => {
    let mutate: () => Promise<unknown> = async () => undefined;
    const Write = () => {
      const { mutateAsync } = useAuthedMutation({ scope: { id: 'posts' }, mutationFn: (_: void, { authedFetch }) => publish(authedFetch, 'by ember') });
      useEffect(() => {
        mutate = () => mutateAsync();
      });
      return null;
    };
    app.render(<Write />);
    await app.signIn('ember');
    app.setup.world.latencyMs = 300;
    const outcomes: unknown[] = [];
    act(() => {
      for (let n = 0; n < 2; n++) void mutate().then(() => outcomes.push('sent'), (error: unknown) => outcomes.push(error));
    });
    await app.advance(50);
    await app.signIn('cinder');
    await app.advance(1000);
    expect(outcomes).toHaveLength(2);
    expect(app.setup.answers('myPosts').length).toBeLessThan(2);
  });

  it.runIf(hasActivity)('is cleared when the user changes while its provider is hidden', async () => {
    let mutate: () => void = () => undefined;
    const Write = () => {
      const write = useMutation({ mutationFn: async () => 'by ember' });
      useEffect(() => {
        mutate = write.mutate;
      });
      return <p>{write.data ?? 'nothing'}</p>;
    };
    const tree = (mode: 'hidden' | 'visible') => (
      <Activity mode={mode}>
        <AuthProvider client={app.auth}>
          <AuthQueryProvider queryClient={app.queryClient}><Write /></AuthQueryProvider>
        </AuthProvider>
      </Activity>
    );
    await app.signIn('ember');
    const { container, rerender } = render(tree('visible'));
    act(() => mutate());
    await app.until(() => expect(container.textContent).toBe('by ember'));
    rerender(tree('hidden'));
    await app.signIn('cinder');
    rerender(tree('visible'));
    await app.advance(20);
    expect(container.textContent).toBe('nothing');
  });

  describe('that is being retried', () => {
    const seen = { failureCount: 0 };
    let mutate: () => Promise<unknown>;
    let outcome: unknown;

    /** Signs in and starts a mutation whose first send is about to fail. */
    async function startFailing(retryDelay: number): Promise<void> {
      const Write = () => {
        const { mutateAsync, failureCount } = useAuthedMutation({ retry: 3, retryDelay, mutationFn: (_: void, { authedFetch }) => publish(authedFetch, 'by ember') });
        useEffect(() => {
          mutate = () => mutateAsync();
        });
        Object.assign(seen, { failureCount });
        return null;
      };
      app.render(<Write />);
      await app.signIn('ember');
      app.setup.world.faultOf = (request) => (request.method === 'POST' ? 'dropBefore' : 'none');
      outcome = 'still waiting';
      act(() => void mutate().catch((error: unknown) => (outcome = error)));
    }

    it('rejects with session_changed when the page is focused again', async () => {
      await startFailing(20);
      const [mutation] = app.queryClient.getMutationCache().getAll();
      focusManager.setFocused(false);
      await act(() => retried(() => expect(mutation?.state.isPaused).toBe(true)));
      app.setup.world.faultOf = () => 'none';
      await app.signOut();
      await app.advance(100);
      await act(async () => focusManager.setFocused(true));
      await retried(() => expect(outcome).toMatchObject({ code: 'session_changed' }));
    });

    it('rejects with session_changed when a network that was lost between two retries returns', async () => {
      await startFailing(400);
      await app.until(() => expect(seen.failureCount).toBe(1));
      const [mutation] = app.queryClient.getMutationCache().getAll();
      onlineManager.setOnline(false);
      await app.signOut();
      await retried(() => expect(mutation?.state.isPaused).toBe(true));
      await act(async () => onlineManager.setOnline(true));
      await retried(() => expect(outcome).toMatchObject({ code: 'session_changed' }));
    });
  });
});
