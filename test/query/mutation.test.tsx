import { act, cleanup } from '@testing-library/react';
import { onlineManager, useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { AuthError } from 'unexpired';
import { useAuthedMutation } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, expectNoForeignData, useNotes, type Seen, type Stage } from './stage.tsx';

let stage: Stage;
let notes: Seen[];
beforeEach(async () => {
  stage = await createStage();
  notes = [];
});
afterEach(cleanup);

describe('a mutation', () => {
  const publish = (authedFetch: typeof fetch, text: string) => authedFetch('/users/me/posts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });

  it('shows its result to its own user only', async () => {
    let mutate: (text: string) => void = () => undefined;
    const Write = () => {
      const write = useAuthedMutation({ mutationFn: async (text: string, { authedFetch }) => (await publish(authedFetch, text)).status });
      const plain = useMutation({ mutationFn: async (text: string) => `${text} by ember` });
      useEffect(() => {
        mutate = (text) => (write.mutate(text), plain.mutate(text));
      });
      useNotes(stage, notes, plain.data && 'ember');
      return <p>{`${write.data ?? '-'} ${write.status} ${plain.data ?? '-'}`}</p>;
    };
    const page = stage.show(<Write />);
    await stage.enter('ember');
    act(() => mutate('hello'));
    await stage.until(() => expect(page.textContent).toBe('201 success hello by ember'));
    await stage.enter('cinder');
    expect(page.textContent).toBe('- idle -');
    expectNoForeignData(notes);
    expect(stage.queryClient.getMutationCache().getAll()).toEqual([]);
  });

  it('in flight when the user changes writes nothing into the next one\'s cache', async () => {
    const calls: string[] = [];
    let mutate: (text: string) => Promise<unknown> = async () => undefined;
    const Write = () => {
      const { mutateAsync } = useAuthedMutation({
        mutationFn: async (text: string, { authedFetch }) => {
          await publish(authedFetch, text);
          return publish(authedFetch, `${text}, twice`);
        },
        onMutate: () => void stage.queryClient.setQueryData(['posts'], ['optimistic']),
        onSuccess: () => void calls.push('success'),
        onError: () => void stage.queryClient.setQueryData(['posts'], ['the old user\'s']),
        onSettled: () => void calls.push('settled'),
      });
      useEffect(() => {
        mutate = mutateAsync;
      });
      return null;
    };
    stage.show(<Write />);
    await stage.enter('ember');
    stage.scene.world.latencyMs = 300;
    let outcome: unknown;
    act(() => void mutate('hello').catch((error: unknown) => (outcome = error)));
    await stage.advance(50);
    await stage.enter('cinder');
    await stage.until(() => expect(outcome).toMatchObject({ code: 'session_changed' }));
    expect(calls).toEqual([]);
    expect(stage.queryClient.getQueryData(['posts'])).toBeUndefined();
    expect(stage.scene.answers('myPosts')).toEqual([201]); // The second one would have been the new user's.
  });

  // claim: mutation-not-sent-as-another-user
  it('that waits for the network is not sent as the next user', async () => {
    let mutate: (text: string) => void = () => undefined;
    const Write = () => {
      const write = useAuthedMutation({ mutationFn: (text: string, { authedFetch }) => publish(authedFetch, text) });
      useEffect(() => {
        mutate = write.mutate;
      });
      return <p>{String(write.isPaused)}</p>;
    };
    const page = stage.show(<Write />);
    await stage.enter('ember');
    onlineManager.setOnline(false);
    act(() => mutate('hello'));
    await stage.until(() => expect(page.textContent).toBe('true'));
    await stage.enter('cinder');
    onlineManager.setOnline(true);
    await act(async () => void (await stage.queryClient.resumePausedMutations()));
    await stage.advance(100);
    expect(stage.scene.answers('myPosts')).toEqual([]);
  });

  it('made while nobody is signed in fails as signed out, and sends nothing', async () => {
    let mutate: (text: string) => void = () => undefined;
    const Write = () => {
      const write = useAuthedMutation({ mutationFn: (text: string, { authedFetch }) => publish(authedFetch, text) });
      useEffect(() => {
        mutate = write.mutate;
      });
      return <p>{AuthError.is(write.error) && write.error.code}</p>;
    };
    const page = stage.show(<Write />);
    act(() => mutate('hello'));
    await stage.until(() => expect(page.textContent).toBe('signed_out'));
    expect(stage.scene.answers('myPosts')).toEqual([]);
  });
});
