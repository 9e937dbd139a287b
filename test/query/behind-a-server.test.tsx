import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { AuthProvider } from 'unexpired';
import { AuthQueryProvider, useAuthedQuery } from 'unexpired/query';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { createServerSetup } from '../support/server-setup.ts';

afterEach(cleanup);

it('a query behind a server gets the data of its user, and drops them when another user has signed in there', async () => {
  const setup = createServerSetup();
  const { auth } = setup.open();
  await setup.signIn(auth, 'ann');
  const shown: string[] = [];
  const Me = () => {
    const { data } = useAuthedQuery({ queryKey: ['me'], queryFn: async ({ authedFetch }) => ((await (await authedFetch('/me')).json()) as { user: string }).user });
    shown.push(data ?? 'nothing');
    return <p>{data ?? 'nothing'}</p>;
  };
  render(<AuthProvider client={auth}><AuthQueryProvider queryClient={new QueryClient()}><Me /></AuthQueryProvider></AuthProvider>);
  // TanStack Query tells components in a timer of its own, which is not simulated.
  const shows = (user: string) => eventually(async () => {
    await act(() => setup.world.advance(50));
    expect(screen.getByText(user)).toBeDefined();
  });
  await shows('ann');
  await setup.signInByServer('ben');
  await act(() => setup.world.until(auth.fetch('/me').catch(() => undefined)));
  await shows('ben');
  expect(shown.filter((user, index) => user !== shown[index - 1])).toEqual(['nothing', 'ann', 'nothing', 'ben']);
});
