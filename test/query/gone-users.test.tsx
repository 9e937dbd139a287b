import { act, cleanup, render } from '@testing-library/react';
import { focusManager, onlineManager, useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { AuthProvider, useAuth, type AuthClient } from 'unexpired';
import { AuthQueryProvider, useAuthedMutation } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity, hasActivity } from '../support/activity.tsx';
import { createStage, expectNoForeignData, useNotes, type Seen, type Stage } from './stage.tsx';

let stage: Stage;
let notes: Seen[];
beforeEach(async () => {
  stage = await createStage();
  notes = [];
});
afterEach(() => {
  focusManager.setFocused(undefined);
  onlineManager.setOnline(true);
  cleanup();
});

/** Goes on in both times until what is claimed holds: TanStack counts the delays of its retries in real time. */
const retried = (claim: () => void) =>
  vi.waitFor(
    async () => {
      await stage.advance(10);
      claim();
    },
    { timeout: 5000 },
  );

describe('a mutation', () => {
  const publish = (authedFetch: typeof fetch, text: string) => authedFetch('/users/me/posts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });

  it('that its component makes as it appears is not tried again as the next user', async () => {
    const outcomes: unknown[] = [];
    const Visit = () => {
      useAuth();
      const { mutateAsync } = useAuthedMutation({ mutationFn: (text: string, { authedFetch }) => publish(authedFetch, text), retry: 3, retryDelay: 20 });
      const made = useRef(false);
      useEffect(() => {
        if (!made.current) void mutateAsync('by ember').then(() => outcomes.push('sent'), (error: unknown) => outcomes.push(error));
        made.current = true;
      }, [mutateAsync]);
      return null;
    };
    await stage.enter('ember');
    stage.scene.world.faultOf = (request) => (request.method === 'POST' ? 'dropBefore' : 'none');
    stage.show(<Visit />);
    await stage.advance(50);
    stage.scene.world.faultOf = () => 'none';
    await stage.enter('cinder');
    await retried(() => expect(outcomes).toMatchObject([{ code: 'session_changed' }]));
    expect(stage.scene.answers('myPosts')).toEqual([]);
  });

  it('that its component makes as it appears is gone with its user, too', async () => {
    const Visit = () => {
      const visit = useMutation({ mutationFn: async () => 'ember' });
      const { mutate } = visit;
      const made = useRef(false);
      useEffect(() => {
        if (!made.current) mutate();
        made.current = true;
      }, [mutate]);
      useNotes(stage, notes, visit.data);
      return <p>{visit.data ?? 'nothing'}</p>;
    };
    await stage.enter('ember');
    const page = stage.show(<Visit />);
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.enter('cinder');
    await stage.advance(10);
    expect(page.textContent).toBe('nothing');
    expectNoForeignData(notes);
  });

  it('is gone with its client, where another one takes its place', async () => {
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
        <AuthQueryProvider client={client} queryClient={stage.queryClient}><Write /></AuthQueryProvider>
      </AuthProvider>
    );
    await stage.enter('ember');
    const page = render(tree(stage.auth));
    act(() => mutate());
    await stage.until(() => expect(page.container.textContent).toBe('by ember'));
    const other = stage.scene.open({ storageKey: 'another' }).auth;
    await stage.scene.signIn(other, 'cinder');
    page.rerender(tree(other));
    await stage.advance(10);
    expect(page.container.textContent).toBe('nothing');
  });

  it('that waits for the network when its user goes is told so, and not left waiting', async () => {
    let mutate: () => Promise<unknown> = async () => undefined;
    const Write = () => {
      const write = useAuthedMutation({ mutationFn: (_: void, { authedFetch }) => publish(authedFetch, 'by ember') });
      useEffect(() => {
        mutate = () => write.mutateAsync();
      });
      return <p>{String(write.isPaused)}</p>;
    };
    const page = stage.show(<Write />);
    await stage.enter('ember');
    onlineManager.setOnline(false);
    let outcome: unknown = 'still waiting';
    act(() => void mutate().catch((error: unknown) => (outcome = error)));
    await stage.until(() => expect(page.textContent).toBe('true'));
    await stage.enter('cinder');
    await act(async () => onlineManager.setOnline(true));
    await stage.advance(100);
    expect(outcome).toMatchObject({ code: 'session_changed' });
    expect(stage.scene.answers('myPosts')).toEqual([]);
  });

  it('that waits for its turn when its user goes is told so, and not left waiting', async () => {
    let mutate: () => Promise<unknown> = async () => undefined;
    const Write = () => {
      const { mutateAsync } = useAuthedMutation({ scope: { id: 'posts' }, mutationFn: (_: void, { authedFetch }) => publish(authedFetch, 'by ember') });
      useEffect(() => {
        mutate = () => mutateAsync();
      });
      return null;
    };
    stage.show(<Write />);
    await stage.enter('ember');
    stage.scene.world.latencyMs = 300;
    const outcomes: unknown[] = [];
    act(() => {
      for (let n = 0; n < 2; n++) void mutate().then(() => outcomes.push('sent'), (error: unknown) => outcomes.push(error));
    });
    await stage.advance(50);
    await stage.enter('cinder');
    await stage.advance(1000);
    expect(outcomes).toHaveLength(2);
    expect(stage.scene.answers('myPosts').length).toBeLessThan(2);
  });

  it.runIf(hasActivity)('is gone with its user who went while its provider was hidden', async () => {
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
        <AuthProvider client={stage.auth}>
          <AuthQueryProvider client={stage.auth} queryClient={stage.queryClient}><Write /></AuthQueryProvider>
        </AuthProvider>
      </Activity>
    );
    await stage.enter('ember');
    const { container, rerender } = render(tree('visible'));
    act(() => mutate());
    await stage.until(() => expect(container.textContent).toBe('by ember'));
    rerender(tree('hidden'));
    await stage.enter('cinder');
    rerender(tree('visible'));
    await stage.advance(20);
    expect(container.textContent).toBe('nothing');
  });

  describe('that tries again, when its user goes', () => {
    const seen = { failureCount: 0 };
    let mutate: () => Promise<unknown>;
    let outcome: unknown;

    /** Signed in, with a mutation whose first try has yet to fail. */
    async function beginToFail(retryDelay: number): Promise<void> {
      const Write = () => {
        const { mutateAsync, failureCount } = useAuthedMutation({ retry: 3, retryDelay, mutationFn: (_: void, { authedFetch }) => publish(authedFetch, 'by ember') });
        useEffect(() => {
          mutate = () => mutateAsync();
        });
        Object.assign(seen, { failureCount });
        return null;
      };
      stage.show(<Write />);
      await stage.enter('ember');
      stage.scene.world.faultOf = (request) => (request.method === 'POST' ? 'dropBefore' : 'none');
      outcome = 'still waiting';
      act(() => void mutate().catch((error: unknown) => (outcome = error)));
    }

    it('is told so as soon as its page is seen again', async () => {
      await beginToFail(20);
      const [mutation] = stage.queryClient.getMutationCache().getAll();
      focusManager.setFocused(false);
      await act(() => retried(() => expect(mutation?.state.isPaused).toBe(true)));
      stage.scene.world.faultOf = () => 'none';
      await stage.leave();
      await stage.advance(100);
      await act(async () => focusManager.setFocused(true));
      await retried(() => expect(outcome).toMatchObject({ code: 'session_changed' }));
    });

    it('is told so as soon as there is a network, which went between two tries', async () => {
      await beginToFail(400);
      await stage.until(() => expect(seen.failureCount).toBe(1));
      const [mutation] = stage.queryClient.getMutationCache().getAll();
      onlineManager.setOnline(false);
      await stage.leave();
      await retried(() => expect(mutation?.state.isPaused).toBe(true));
      await act(async () => onlineManager.setOnline(true));
      await retried(() => expect(outcome).toMatchObject({ code: 'session_changed' }));
    });
  });
});
