import { act, cleanup } from '@testing-library/react';
import { keepPreviousData } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useAuthedQuery } from 'unexpired/query';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStage, expectNoForeignData, readName, useNotes, type Seen, type Stage } from './stage.tsx';

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
