import { describe, expect, it } from 'vitest';
import { graphqlRequestClient } from './recipes/graphql-request.ts';
import { GRAPHQL_PATH, graphqlApp } from './support/graphql-app.ts';
import { codeOf, rejection } from './support/rejection.ts';
import { startService } from './support/service.ts';

const ADD_NOTE = 'mutation AddNote($text: String!) { addNote(text: $text) }';

describe('graphql-request', () => {
  it('sends a mutation again with the same variables when the token was revoked', async () => {
    const { api, auth, origin, arrivals } = await startService(graphqlApp);
    api.revokeAccessTokens();
    const answer = await graphqlRequestClient(auth, origin + GRAPHQL_PATH).request(ADD_NOTE, { text: 'hello' });
    expect(answer).toEqual({ addNote: 'hello' });
    const [first, second, ...others] = arrivals(GRAPHQL_PATH);
    expect([first?.status, second?.status, others, api.counts.refreshes]).toEqual([401, 200, [], 1]);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ query: ADD_NOTE, variables: { text: 'hello' } });
    expect(second?.body).toBe(first?.body);
  });

  it('does not refresh for GraphQL errors in a successful answer', async () => {
    const { api, auth, origin, arrivals } = await startService(graphqlApp);
    const error = await rejection(graphqlRequestClient(auth, origin + GRAPHQL_PATH).request('{ secret }'));
    expect(error).toMatchObject({ response: { status: 200, errors: [{ message: 'UNAUTHENTICATED' }] } });
    expect([arrivals(GRAPHQL_PATH).length, api.counts.refreshes]).toEqual([1, 0]);
  });

  it('aborts the request when its caller aborts', async () => {
    const { auth, origin, arrivals, hang } = await startService(graphqlApp);
    const controller = new AbortController();
    hang();
    const call = rejection(graphqlRequestClient(auth, origin + GRAPHQL_PATH).request({ document: '{ notes }', signal: controller.signal }));
    await expect.poll(() => arrivals(GRAPHQL_PATH)).toMatchObject([{ status: 'pending' }]);
    controller.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
    await expect.poll(() => arrivals(GRAPHQL_PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('rejects with signed_out when there is no session', async () => {
    const { auth, origin } = await startService(graphqlApp);
    await auth.signOut();
    expect(codeOf(await rejection(graphqlRequestClient(auth, origin + GRAPHQL_PATH).request('{ notes }')))).toBe('signed_out');
  });
});
