import { act, cleanup, render } from '@testing-library/react';
import { keepPreviousData } from '@tanstack/react-query';
import { startTransition, useEffect, useState } from 'react';
import { AuthProvider } from 'unexpired';
import { AuthQueryProvider, useAuthedMutation, useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHideable, hasActivity, textsOf } from '../support/activity.tsx';
import { createStage, expectNoForeignData, readName, unhurried, useNotes, type Seen, type Stage } from './stage.tsx';

let stage: Stage;
let notes: Seen[];
beforeEach(async () => {
  stage = await createStage();
  notes = [];
});
afterEach(cleanup);

let turn: (page: number) => void = () => undefined;

/** A page of a list, which shows the one before until it is there. */
function Paged({ gcTime }: { readonly gcTime?: number }) {
  const [number, setNumber] = useState(1);
  const me = useAuthedQuery({
    queryKey: ['page', number],
    queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')),
    placeholderData: keepPreviousData,
    ...(gcTime === undefined ? {} : { gcTime }),
  });
  useEffect(() => {
    turn = setNumber;
  }, []);
  useNotes(stage, notes, me.data);
  return <p>{me.data ?? 'nothing'}</p>;
}

describe('a page that is shown in place of the next one', () => {
  it('is shown to nobody else, even where the cache has long let go of it', async () => {
    const page = stage.show(<Paged gcTime={0} />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.world.latencyMs = 400;
    act(() => turn(2));
    await stage.advance(50);
    expect(page.textContent).toBe('ember');
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(notes);
  });

  it('is shown to nobody else, even where the app has removed it', async () => {
    const page = stage.show(<Paged />);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.world.latencyMs = 400;
    act(() => turn(2));
    stage.queryClient.removeQueries({ queryKey: ['page', 1] });
    await stage.enter('cinder');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(notes);
  });
});

describe.runIf(hasActivity)('what is hidden while the user changes', () => {
  const { Hideable, setMode } = createHideable();

  it('shows no page of the former user in place of its own when it is seen again', async () => {
    const page = stage.show(<Hideable><Paged /></Hideable>);
    await stage.enter('ember');
    await stage.until(() => expect(page.textContent).toBe('ember'));
    stage.scene.world.latencyMs = 400;
    act(() => turn(2));
    act(() => setMode('hidden'));
    await stage.enter('cinder');
    act(() => setMode('visible'));
    expect(page.textContent).toBe('nothing');
    await stage.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(notes);
  });

  it('shows nothing of the former user for a moment, either, where it was hidden with its providers', async () => {
    const Name = () => <p>{useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }).data ?? 'nothing'}</p>;
    const { container } = render(
      <Hideable>
        <AuthProvider client={stage.auth}>
          <AuthQueryProvider client={stage.auth} queryClient={stage.queryClient}><Name /></AuthQueryProvider>
        </AuthProvider>
      </Hideable>,
    );
    await stage.enter('ember');
    await stage.until(() => expect(container.textContent).toBe('ember'));
    act(() => setMode('hidden'));
    stage.scene.world.latencyMs = 400;
    await stage.enter('cinder');
    const committed = textsOf(container);
    await unhurried(async () => {
      startTransition(() => setMode('visible'));
      await vi.waitFor(() => expect(committed).toContain('nothing'));
    });
    expect(committed).not.toContain('ember');
  });

  it('shows no result of a mutation of the former user when it is seen again', async () => {
    let read: () => void = () => undefined;
    const Read = () => {
      const { mutate, data } = useAuthedMutation({ mutationFn: async (_: void, { authedFetch }) => readName(await authedFetch('/users/me')) });
      useEffect(() => {
        read = mutate;
      }, [mutate]);
      useNotes(stage, notes, data);
      return <p>{data ?? 'nothing'}</p>;
    };
    const page = stage.show(<Hideable><Read /></Hideable>);
    await stage.enter('ember');
    act(() => read());
    await stage.until(() => expect(page.textContent).toBe('ember'));
    act(() => setMode('hidden'));
    await stage.enter('cinder');
    act(() => setMode('visible'));
    expect(page.textContent).toBe('nothing');
    expectNoForeignData(notes);
  });
});

describe('what `select` has made of the former user\'s data', () => {
  // The second one is asked by hand.
  it.each([true, false])('is not shown where it fails for the next user (enabled: %s)', async (enabled) => {
    let ask: () => Promise<unknown> = () => Promise.resolve();
    const Selected = () => {
      const { data, refetch } = useAuthedQuery({
        queryKey: ['me'],
        queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')),
        select: (name: string) => {
          if (name === 'cinder') throw new Error('no such name');
          return name;
        },
        enabled,
      });
      useEffect(() => {
        ask = refetch;
      }, [refetch]);
      useNotes(stage, notes, data);
      return <p>{data ?? 'nothing'}</p>;
    };
    const page = stage.show(<Selected />);
    await stage.enter('ember');
    void ask();
    await stage.until(() => expect(page.textContent).toBe('ember'));
    await stage.enter('cinder');
    void ask();
    await stage.until(() => expect(stage.queryClient.getQueryData(['me'])).toBe('cinder'));
    await stage.advance(50);
    expect(page.textContent).toBe('nothing');
    expectNoForeignData(notes);
  });
});
