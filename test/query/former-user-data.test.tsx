import { act, cleanup, render } from '@testing-library/react';
import { keepPreviousData } from '@tanstack/react-query';
import { startTransition, useEffect, useState } from 'react';
import { AuthProvider } from 'unexpired';
import { AuthQueryProvider, useAuthedMutation, useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHideable, hasActivity, textsOf } from '../support/activity.tsx';
import { eventually } from '../support/eventually.ts';
import { createTestApp, expectNoForeignData, readName, withoutAct, useRecord, type RenderRecord, type TestApp } from './test-app.tsx';

let app: TestApp;
let records: RenderRecord[];
beforeEach(async () => {
  app = await createTestApp();
  records = [];
});
afterEach(cleanup);

let turn: (page: number) => void = () => undefined;

/** One page of a list. It shows the page before until its own data has arrived. */
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
  useRecord(app, records, me.data);
  return <p>{me.data ?? 'nothing'}</p>;
}

describe('placeholder data of the former user', () => {
  it('is not shown to the next user, even if the cache has already collected it', async () => {
    const page = app.render(<Paged gcTime={0} />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    app.setup.world.latencyMs = 400;
    act(() => turn(2));
    await app.advance(50);
    expect(page.textContent).toBe('ember');
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(records);
  });

  it('is not shown to the next user, even if the app has removed its query', async () => {
    const page = app.render(<Paged />);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    app.setup.world.latencyMs = 400;
    act(() => turn(2));
    app.queryClient.removeQueries({ queryKey: ['page', 1] });
    await app.signIn('cinder');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(records);
  });
});

describe.runIf(hasActivity)('a tree that is hidden while the user changes', () => {
  const { Hideable, setMode } = createHideable();

  it('shows no placeholder data of the former user when it is shown again', async () => {
    const page = app.render(<Hideable><Paged /></Hideable>);
    await app.signIn('ember');
    await app.until(() => expect(page.textContent).toBe('ember'));
    app.setup.world.latencyMs = 400;
    act(() => turn(2));
    act(() => setMode('hidden'));
    await app.signIn('cinder');
    act(() => setMode('visible'));
    expect(page.textContent).toBe('nothing');
    await app.until(() => expect(page.textContent).toBe('cinder'));
    expectNoForeignData(records);
  });

  it('does not show the former user’s data for a single frame when its providers were hidden with it', async () => {
    const Name = () => <p>{useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => readName(await authedFetch('/users/me')) }).data ?? 'nothing'}</p>;
    const { container } = render(
      <Hideable>
        <AuthProvider client={app.auth}>
          <AuthQueryProvider queryClient={app.queryClient}><Name /></AuthQueryProvider>
        </AuthProvider>
      </Hideable>,
    );
    await app.signIn('ember');
    await app.until(() => expect(container.textContent).toBe('ember'));
    act(() => setMode('hidden'));
    app.setup.world.latencyMs = 400;
    await app.signIn('cinder');
    const committed = textsOf(container);
    await withoutAct(async () => {
      startTransition(() => setMode('visible'));
      await eventually(() => expect(committed).toContain('nothing'));
    });
    expect(committed).not.toContain('ember');
  });

  it('shows no mutation result of the former user when it is shown again', async () => {
    let read: () => void = () => undefined;
    const Read = () => {
      const { mutate, data } = useAuthedMutation({ mutationFn: async (_: void, { authedFetch }) => readName(await authedFetch('/users/me')) });
      useEffect(() => {
        read = mutate;
      }, [mutate]);
      useRecord(app, records, data);
      return <p>{data ?? 'nothing'}</p>;
    };
    const page = app.render(<Hideable><Read /></Hideable>);
    await app.signIn('ember');
    act(() => read());
    await app.until(() => expect(page.textContent).toBe('ember'));
    act(() => setMode('hidden'));
    await app.signIn('cinder');
    act(() => setMode('visible'));
    expect(page.textContent).toBe('nothing');
    expectNoForeignData(records);
  });
});

describe('the former user’s result of select', () => {
  // A query that is not enabled is fetched by hand.
  it.each([true, false])('is not shown when select throws for the next user (enabled: %s)', async (enabled) => {
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
      useRecord(app, records, data);
      return <p>{data ?? 'nothing'}</p>;
    };
    const page = app.render(<Selected />);
    await app.signIn('ember');
    void ask();
    await app.until(() => expect(page.textContent).toBe('ember'));
    await app.signIn('cinder');
    void ask();
    await app.until(() => expect(app.queryClient.getQueryData(['me'])).toBe('cinder'));
    await app.advance(50);
    expect(page.textContent).toBe('nothing');
    expectNoForeignData(records);
  });
});
