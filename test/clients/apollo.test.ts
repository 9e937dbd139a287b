import { gql } from '@apollo/client';
import { describe, expect, it } from 'vitest';
import { apolloClient } from './recipes/apollo.ts';
import { GRAPHQL_PATH, graphqlApp } from './support/graphql-app.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService } from './support/service.ts';

const ADD_NOTE = gql`mutation AddNote($text: String!) { addNote(text: $text) }`;

describe("Apollo's HttpLink", () => {
  it('sends a mutation again with the same variables when the token was revoked', async () => {
    const { api, auth, origin, arrivals } = await startService(graphqlApp);
    api.revokeAccessTokens();
    const { data } = await apolloClient(auth, origin + GRAPHQL_PATH).mutate({ mutation: ADD_NOTE, variables: { text: 'hello' } });
    expect(data).toEqual({ addNote: 'hello' });
    const [first, second, ...others] = arrivals(GRAPHQL_PATH);
    expect([first?.status, second?.status, others, api.counts.refreshes]).toEqual([401, 200, [], 1]);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ operationName: 'AddNote', variables: { text: 'hello' } });
    expect(second?.body).toBe(first?.body);
  });

  it('aborts a query when its last subscriber leaves', async () => {
    const { auth, origin, arrivals, hang } = await startService(graphqlApp);
    hang();
    const watch = apolloClient(auth, origin + GRAPHQL_PATH).watchQuery({ query: gql`{ notes }` }).subscribe({});
    await expect.poll(() => arrivals(GRAPHQL_PATH)).toMatchObject([{ status: 'pending' }]);
    watch.unsubscribe();
    await expect.poll(() => arrivals(GRAPHQL_PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('aborts the request when its caller aborts', async () => {
    const { auth, origin, arrivals, hang } = await startService(graphqlApp);
    const controller = new AbortController();
    hang();
    const context = { fetchOptions: { signal: controller.signal } };
    const call = rejection(apolloClient(auth, origin + GRAPHQL_PATH).query({ query: gql`{ notes }`, context }));
    await expect.poll(() => arrivals(GRAPHQL_PATH)).toMatchObject([{ status: 'pending' }]);
    controller.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await expect.poll(() => arrivals(GRAPHQL_PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('rejects with signed_out when there is no session', async () => {
    const { auth, origin } = await startService(graphqlApp);
    await auth.signOut();
    expect(codeOf(await rejection(apolloClient(auth, origin + GRAPHQL_PATH).query({ query: gql`{ notes }` })))).toBe('signed_out');
  });
});
