import { describe, expect, it } from 'vitest';
import { urqlClient } from './recipes/urql.ts';
import { GRAPHQL_PATH, graphqlApp } from './support/graphql-app.ts';
import { codeOf } from './support/rejection.ts';
import { startService } from './support/service.ts';

const ADD_NOTE = 'mutation AddNote($text: String!) { addNote(text: $text) }';

describe('urql', () => {
  it('sends a mutation again with the same variables when the token was revoked', async () => {
    const { api, auth, origin, arrivals } = await startService(graphqlApp);
    api.revokeAccessTokens();
    const { data } = await urqlClient(auth, origin + GRAPHQL_PATH).mutation(ADD_NOTE, { text: 'hello' });
    expect(data).toEqual({ addNote: 'hello' });
    const [first, second, ...others] = arrivals(GRAPHQL_PATH);
    expect([first?.status, second?.status, others, api.counts.refreshes]).toEqual([401, 200, [], 1]);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ operationName: 'AddNote', variables: { text: 'hello' } });
    expect(second?.body).toBe(first?.body);
  });

  it('aborts a query when its last subscriber leaves', async () => {
    const { auth, origin, arrivals, hang } = await startService(graphqlApp);
    hang();
    const query = urqlClient(auth, origin + GRAPHQL_PATH).query('{ notes }', {}).subscribe(() => undefined);
    await expect.poll(() => arrivals(GRAPHQL_PATH)).toMatchObject([{ status: 'pending' }]);
    query.unsubscribe();
    await expect.poll(() => arrivals(GRAPHQL_PATH)).toMatchObject([{ status: 'aborted' }]);
  });

  it('reports signed_out as the network error when there is no session', async () => {
    const { auth, origin } = await startService(graphqlApp);
    await auth.signOut();
    const { error } = await urqlClient(auth, origin + GRAPHQL_PATH).mutation(ADD_NOTE, { text: 'hello' });
    expect(codeOf(error?.networkError)).toBe('signed_out');
  });
});
