import { act, cleanup } from '@testing-library/react';
import { keepPreviousData, onlineManager, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { AuthError, SignedIn, useAuth } from 'unexpired';
import { bindQueryClient, useAuthedMutation, useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, readName, useNotes, type Seen, type Stage } from './stage.tsx';

let stage: Stage;
let notes: Seen[];
beforeEach(async () => {
  stage = await createStage();
  notes = [];
});
afterEach(cleanup);

/** Nobody was ever shown what belongs to somebody else. */
function expectNoForeignData() {
  expect(notes.filter(({ user, shown }) => shown !== undefined && shown !== user)).toEqual([]);
}

const Name = () => {
  const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch, signal }) => readName(await authedFetch('/users/me', { signal })) });
  useNotes(stage, notes, me.data);
  return <p>{me.data ?? `nothing (${me.fetchStatus})`}</p>;
};

describe('an authed query', () => {
  it('is off until somebody signs in, and shows what is theirs', async () => {
    const page = stage.show(<Name />);
    await stage.advance(50);
    expect(page.textContent).toBe('nothing (idle)');
    expect(stage.scene.answers('me')).toEqual([]);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    expect(stage.scene.answers('me')).toEqual([200]);
  });

  it('shows a new user nothing of the old one, who was signed in until that moment', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData();
    expect(notes).toContainEqual({ user: 'cinder', shown: undefined });
  });

  it('is cancelled in flight when the user changes: its answer never arrives', async () => {
    const page = stage.show(<Name />);
    stage.scene.world.latencyMs = 400;
    await stage.enter('ember');
    await stage.until(() => expect(stage.queryClient.isFetching()).toBe(1));
    const aborted: string[] = [];
    stage.scene.world.onExchange = ({ phase, url }) => phase === 'aborted' && aborted.push(new URL(url).pathname);
    await stage.enter('cinder');
    expect(aborted).toEqual(['/v1/users/me']);
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    await stage.advance(1000);
    expect(page.textContent).toBe('cinder');
    expectNoForeignData();
  });

  it('that ignores its signal is not listened to any more, and sends nothing further', async () => {
    const errors: unknown[] = [];
    const Deaf = () => {
      const names = useAuthedQuery({
        queryKey: ['names'],
        queryFn: async ({ authedFetch }) => {
          const first = await readName(await authedFetch('/users/me'));
          const second = await authedFetch('/users/me').then(readName, (error: unknown) => (errors.push(error), Promise.reject(error)));
          return first === second ? first : `${first} and ${second}`;
        },
      });
      useNotes(stage, notes, names.data);
      return <p>{names.data}</p>;
    };
    const page = stage.show(<Deaf />);
    stage.scene.world.latencyMs = 200;
    await stage.enter('ember');
    await stage.advance(50);
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData();
    expect(errors).toMatchObject([{ code: 'session_changed' }]);
  });

  it('is gone with its data after a sign-out, and off', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.leave();
    await stage.until(() => expect(page.textContent).toBe('nothing (idle)'));
    expectNoForeignData();
    expect(JSON.stringify(stage.queryClient.getQueryCache().getAll().map(({ state }) => state.data))).toBe('[null]');
    expect(stage.scene.answers('me')).toEqual([200]);
  });

  it('is gone with its data when the API ends the session', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.api.endSession({}, 810);
    void stage.queryClient.invalidateQueries();
    await stage.until(() => expect(stage.auth.getSnapshot().endReason).toBe('suspended'));
    await stage.until(() => expect(page.textContent).toBe('nothing (idle)'));
    expectNoForeignData();
  });

  it('keeps no placeholder of the old user, whatever its key', async () => {
    let turn: (page: number) => void = () => undefined;
    const Paged = () => {
      const [number, setNumber] = useState(1);
      const me = useAuthedQuery({
        queryKey: ['page', number],
        queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')),
        placeholderData: keepPreviousData,
      });
      useEffect(() => {
        turn = setNumber;
      });
      useNotes(stage, notes, me.data);
      return <p>{me.data ?? 'nothing'}</p>;
    };
    const page = stage.show(<Paged />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.world.latencyMs = 400;
    act(() => turn(2));
    expect(page.textContent).toBe('ember'); // In place of the second page, which is on its way.
    await stage.enter('cinder');
    expect(page.textContent).toBe('nothing');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData();
  });

  it('has room for a key of the user in its own key', async () => {
    const Own = () => {
      const { client } = useAuth();
      const user = client.getSnapshot().sessionId;
      const me = useAuthedQuery({ queryKey: [user, 'me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')), placeholderData: keepPreviousData });
      useNotes(stage, notes, me.data);
      return <p>{me.data ?? 'nothing'}</p>;
    };
    const page = stage.show(<Own />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData();
    const keys = stage.queryClient.getQueryCache().getAll().map(({ queryKey }) => queryKey);
    expect(keys).toEqual([[stage.auth.getSnapshot().sessionId, 'me']]);
  });
});

describe("TanStack's own hooks under the provider", () => {
  it('lose the old user\'s data, and ask again for the new one, even where they show nothing yet', async () => {
    let renders = 0;
    const Plain = () => {
      renders++;
      const me = useQuery({ queryKey: ['me'], queryFn: async () => readName(await stage.auth.fetch('/users/me')), enabled: true, placeholderData: keepPreviousData });
      return <p>{me.data ?? 'nothing'}</p>;
    };
    await stage.enter('ember');
    stage.scene.world.latencyMs = 300;
    const page = stage.show(<Plain />);
    await stage.advance(50);
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    await stage.enter('ember');
    expect(page.textContent).not.toBe('ember');
    await stage.advance(0);
    expect(page.textContent).toBe('nothing');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    expect(renders).toBeLessThan(20);
  });

  it('that go away with their user ask for nothing when that signs out', async () => {
    const Plain = () => <p>{useQuery({ queryKey: ['me'], queryFn: async () => readName(await stage.auth.fetch('/users/me')) }).data}</p>;
    await stage.enter('ember');
    const page = stage.show(<SignedIn><Plain /></SignedIn>);
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.leave();
    await stage.advance(500);
    expect(page.textContent).toBe('');
    expect(stage.scene.answers('me')).toEqual([200]);
  });
});

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
    expectNoForeignData();
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

describe('a refresh', () => {
  it('renders nothing and asks for nothing', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    const renders = notes.length;
    const events: string[] = [];
    stage.queryClient.getQueryCache().subscribe(({ type }) => events.push(type));
    await act(async () => void (await stage.scene.world.until(stage.auth.refresh())));
    await stage.advance(100);
    expect(stage.scene.answers('refresh')).toEqual([200]);
    expect(notes).toHaveLength(renders);
    expect(events).toEqual([]);
    expect(stage.scene.answers('me')).toEqual([200]);
  });
});

describe('a session that recovers', () => {
  /** Fails for want of a token: the access token is rejected, and refreshing has to wait. */
  async function fall() {
    const mend = stage.scene.api.addFault({ endpoint: 'refresh', kind: 'status', status: 503, retryAfter: 30 });
    stage.scene.api.revokeAccessTokens();
    return mend;
  }

  it('asks again for what failed for auth reasons, and for nothing else', async () => {
    const asked: string[] = [];
    const Three = () => {
      const fine = useQuery({ queryKey: ['fine'], queryFn: () => (asked.push('fine'), 'fine') });
      const broken = useQuery({ queryKey: ['broken'], queryFn: () => (asked.push('broken'), Promise.reject(new Error('HTTP 500'))), retry: false });
      const me = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => (asked.push('me'), readName(await authedFetch('/users/me'))), retry: false });
      return <p>{`${fine.data} ${broken.status} ${me.data ?? (AuthError.is(me.error) && me.error.code)}`}</p>;
    };
    await stage.enter('ember');
    const mend = await fall();
    const page = stage.show(<Three />);
    await stage.until(() => expect(page.textContent).toBe('fine error refresh_unavailable'));
    asked.length = 0;
    mend();
    await stage.advance(31_000);
    await stage.until(() => expect(page.textContent).toBe('fine error ember'));
    expect(asked).toEqual(['me']);
  });

  it('wakes what sleeps until a token can be had, and whoever waits for it gets the answer', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    const mend = await fall();
    await stage.until(() => expect(stage.queryClient.getQueryCache().find({ queryKey: ['me'] })?.state.fetchFailureReason).toMatchObject({ code: 'refresh_unavailable' }));
    const waiting = stage.queryClient.ensureQueryData({ queryKey: ['me'] });
    expect(page.textContent).toBe('nothing (fetching)');
    mend();
    await stage.advance(31_000);
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await expect(waiting).resolves.toBe('ember');
  });

  it('keeps what is shown meanwhile', async () => {
    const page = stage.show(<Name />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    const mend = await fall();
    void stage.queryClient.invalidateQueries();
    await stage.until(() => expect(stage.auth.getSnapshot().refresh.state).toBe('waiting'));
    expect(page.textContent).toBe('ember');
    mend();
    await stage.advance(31_000);
    await stage.until(() => expect(stage.scene.answers('me').at(-1)).toBe(200));
    expectNoForeignData();
  });
});

describe('bindQueryClient', () => {
  it('follows the session without React, until it is released', async () => {
    const release = bindQueryClient(stage.auth, stage.queryClient);
    await stage.enter('ember');
    stage.queryClient.setQueryData(['me'], 'ember');
    await stage.enter('cinder');
    expect(stage.queryClient.getQueryData(['me'])).toBeUndefined();
    stage.queryClient.setQueryData(['me'], 'cinder');
    release();
    release();
    await stage.leave();
    expect(stage.queryClient.getQueryData(['me'])).toBe('cinder');
  });

  it('beside the provider does the same once more', async () => {
    bindQueryClient(stage.auth, stage.queryClient);
    const Plain = () => <p>{useQuery({ queryKey: ['me'], queryFn: async () => readName(await stage.auth.fetch('/users/me')) }).data ?? 'nothing'}</p>;
    await stage.enter('ember');
    const page = stage.show(<Plain />);
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
  });
});
