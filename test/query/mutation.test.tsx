import { act, cleanup } from '@testing-library/react';
import { onlineManager, useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { AuthError } from 'unexpired';
import { useAuthedMutation } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, expectNoForeignData, useRecord, type RenderRecord, type TestApp } from './test-app.tsx';

let app: TestApp;
let records: RenderRecord[];
beforeEach(async () => {
  app = await createTestApp();
  records = [];
});
afterEach(cleanup);

describe('a mutation', () => {
  const publish = (authedFetch: typeof fetch, text: string) => authedFetch('/users/me/posts', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ text }) });

  it('shows its result only to the user who started it', async () => {
    let mutate: (text: string) => void = () => undefined;
    const Write = () => {
      const write = useAuthedMutation({ mutationFn: async (text: string, { authedFetch }) => (await publish(authedFetch, text)).status });
      const plain = useMutation({ mutationFn: async (text: string) => `${text} by ember` });
      useEffect(() => {
        mutate = (text) => (write.mutate(text), plain.mutate(text));
      });
      useRecord(app, records, plain.data && 'ember');
      return <p>{`${write.data ?? '-'} ${write.status} ${plain.data ?? '-'}`}</p>;
    };
    const page = app.render(<Write />);
    await app.signIn('ember');
    act(() => mutate('hello'));
    await app.until(() => expect(page.textContent).toBe('201 success hello by ember'));
    await app.signIn('cinder');
    expect(page.textContent).toBe('- idle -');
    expectNoForeignData(records);
    expect(app.queryClient.getMutationCache().getAll()).toEqual([]);
  });

  it('writes nothing into the next user’s cache when the user changes while it is in flight', async () => {
    const calls: string[] = [];
    let mutate: (text: string) => Promise<unknown> = async () => undefined;
    const Write = () => {
      const { mutateAsync } = useAuthedMutation({
        mutationFn: async (text: string, { authedFetch }) => {
          await publish(authedFetch, text);
          return publish(authedFetch, `${text}, twice`);
        },
        onMutate: () => void app.queryClient.setQueryData(['posts'], ['optimistic']),
        onSuccess: () => void calls.push('success'),
        onError: () => void app.queryClient.setQueryData(['posts'], ['the former user’s']),
        onSettled: () => void calls.push('settled'),
      });
      useEffect(() => {
        mutate = mutateAsync;
      });
      return null;
    };
    app.render(<Write />);
    await app.signIn('ember');
    app.setup.world.latencyMs = 300;
    let outcome: unknown;
    act(() => void mutate('hello').catch((error: unknown) => (outcome = error)));
    await app.advance(50);
    await app.signIn('cinder');
    await app.until(() => expect(outcome).toMatchObject({ code: 'session_changed' }));
    expect(calls).toEqual([]);
    expect(app.queryClient.getQueryData(['posts'])).toBeUndefined();
    expect(app.setup.answers('myPosts')).toEqual([201]); // The second post would have been sent as the next user.
  });

  // claim: mutation-not-sent-as-another-user
  it('is not sent as the next user when it waited for the network', async () => {
    let mutate: (text: string) => void = () => undefined;
    const Write = () => {
      const write = useAuthedMutation({ mutationFn: (text: string, { authedFetch }) => publish(authedFetch, text) });
      useEffect(() => {
        mutate = write.mutate;
      });
      return <p>{String(write.isPaused)}</p>;
    };
    const page = app.render(<Write />);
    await app.signIn('ember');
    onlineManager.setOnline(false);
    act(() => mutate('hello'));
    await app.until(() => expect(page.textContent).toBe('true'));
    await app.signIn('cinder');
    onlineManager.setOnline(true);
    await act(async () => void (await app.queryClient.resumePausedMutations()));
    await app.advance(100);
    expect(app.setup.answers('myPosts')).toEqual([]);
  });

  it('fails with signed_out and sends nothing while signed out', async () => {
    let mutate: (text: string) => void = () => undefined;
    const Write = () => {
      const write = useAuthedMutation({ mutationFn: (text: string, { authedFetch }) => publish(authedFetch, text) });
      useEffect(() => {
        mutate = write.mutate;
      });
      return <p>{AuthError.is(write.error) && write.error.code}</p>;
    };
    const page = app.render(<Write />);
    act(() => mutate('hello'));
    await app.until(() => expect(page.textContent).toBe('signed_out'));
    expect(app.setup.answers('myPosts')).toEqual([]);
  });
});
