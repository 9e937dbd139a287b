import { act, cleanup, render } from '@testing-library/react';
import { keepPreviousData } from '@tanstack/react-query';
import * as React from 'react';
import { startTransition, useEffect, useState, type ComponentType, type ReactNode } from 'react';
import { AuthProvider } from 'unexpired';
import { AuthQueryProvider, useAuthedMutation, useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

describe.runIf('Activity' in React)('what is hidden while the user changes', () => {
  const Activity = (React as unknown as { Activity: ComponentType<{ mode: string; children: ReactNode }> }).Activity;
  let setMode: (mode: 'hidden' | 'visible') => void = () => undefined;

  function Hidden({ children }: { readonly children: ReactNode }) {
    const [mode, set] = useState('visible');
    useEffect(() => {
      setMode = set;
    }, []);
    return <Activity mode={mode}>{children}</Activity>;
  }

  it('shows no page of the former user in place of its own when it is seen again', async () => {
    const page = stage.show(<Hidden><Paged /></Hidden>);
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
      <Hidden>
        <AuthProvider client={stage.auth}>
          <AuthQueryProvider client={stage.auth} queryClient={stage.queryClient}><Name /></AuthQueryProvider>
        </AuthProvider>
      </Hidden>,
    );
    await stage.enter('ember');
    await stage.until(() => expect(container.textContent).toBe('ember'));
    act(() => setMode('hidden'));
    stage.scene.world.latencyMs = 400;
    await stage.enter('cinder');
    const committed: unknown[] = [];
    new MutationObserver(() => committed.push(container.textContent)).observe(container, { subtree: true, childList: true, characterData: true, attributes: true });
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
    const page = stage.show(<Hidden><Read /></Hidden>);
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
