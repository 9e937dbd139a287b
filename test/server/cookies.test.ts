import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

async function onTwoUsers(config: Parameters<ReturnType<typeof createInstances>['start']>[0] = {}) {
  const setup = createInstances();
  const sessions = setup.start(config);
  const pairOf = async (user: string) => (await setup.world.until(sessions.signIn(setup.server.grant(user)))).setCookie.split(';')[0]!;
  const subjectOf = async (cookie: string) => (await setup.world.until(sessions.of({ headers: new Headers({ cookie }) }))).snapshot().subject;
  return { ...setup, sessions, ann: await pairOf('ann'), eve: await pairOf('eve'), subjectOf };
}

describe('a session cookie', () => {
  it.each([['a no-break space', '\u00a0'], ['a vertical tab', '\u000b'], ['a form feed', '\f']])('after %s is no session, because a subdomain could set such a name in spite of __Host-', async (_, space) => {
    const { ann, eve, subjectOf } = await onTwoUsers();
    expect(await subjectOf(`${space}${eve}`)).toBeNull();
    expect(await subjectOf(`${space}${eve}; ${ann}`)).toBe('ann');
  });

  it.each([['__Host-session', {}], ['session', { cookie: { secure: false } }]])('%s that a request carries twice with two ids is no session, because one of them may be from a subdomain', async (_, config) => {
    const { ann, eve, subjectOf } = await onTwoUsers(config);
    expect(await subjectOf(`${eve}; ${ann}`)).toBeNull();
    expect(await subjectOf(`${ann}; theme=dark; ${eve}`)).toBeNull();
    expect(await subjectOf(`${ann}; ${ann}`)).toBe('ann');
    expect(await subjectOf(`${ann.split('=')[0]}=; ${ann};x=1`)).toBe('ann');
  });

  it('is read beside tabs and spaces, and in no other case of letters', async () => {
    const { ann, subjectOf } = await onTwoUsers();
    expect(await subjectOf(`a=1;\t ${ann} ;b=2`)).toBe('ann');
    expect(await subjectOf(ann.toLowerCase())).toBeNull();
    expect(await subjectOf(`x${ann}`)).toBeNull();
    expect(await subjectOf(ann.replace('=', '="') + '"')).toBeNull();
  });
});

describe('a sign-in', () => {
  it('succeeds in a browser whose former session cannot be read, because its secret is gone', async () => {
    const { world, server, start, ann } = await onTwoUsers();
    const next = start({ secrets: ['the second secret of this app 0002'] });
    const { session, setCookie } = await world.until(next.signIn(server.grant('ann'), { headers: new Headers({ cookie: ann }) }));
    expect(session.snapshot().subject).toBe('ann');
    expect((await world.until(next.of(requestWith(setCookie)))).snapshot().subject).toBe('ann');
  });
});
