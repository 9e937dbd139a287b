import { redirect } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';
import { getRequest } from '@tanstack/react-start/server';
import { sessions } from './sessions.server';

/** For the root route: who is signed in, without a token. */
export const getSnapshot = createServerFn().handler(async () => (await sessions.of(getRequest())).snapshot());

/** For a page that needs a user. */
export const getPosts = createServerFn().handler(async () => {
  const session = await sessions.of(getRequest());
  if (session.snapshot().status === 'signedOut') throw redirect({ to: '/sign-in' });
  const [me, posts] = await Promise.all(['/users/me', '/posts'].map(async (path) => (await session.fetch(path)).json()));
  return { name: me.data.attributes.display_name as string, count: posts.data.length as number };
});
