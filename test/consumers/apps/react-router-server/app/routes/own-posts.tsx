import { Form, useRouteLoaderData } from 'react-router';
import { load } from '../load.server';
import type { loader as rootLoader } from '../root';
import type { Route } from './+types/own-posts';

export const loader = async ({ request }: Route.LoaderArgs) => (await load<unknown[]>(request, '/users/me/posts')).length;

export async function action({ request }: Route.ActionArgs) {
  const form = await request.formData();
  const init = { method: 'POST', body: JSON.stringify({ text: form.get('text') }), headers: { 'content-type': 'application/json' } };
  await load(request, '/users/me/posts', init, String(form.get('user')));
  return null;
}

export default function OwnPosts({ loaderData }: Route.ComponentProps) {
  const shown = useRouteLoaderData<typeof rootLoader>('root');
  return (
    <Form method="post">
      <p>{`${loaderData} of them by you`}</p>
      <input type="hidden" name="user" value={shown?.subject ?? ''} />
      <input name="text" aria-label="Text" defaultValue="Bring wood." />
      <button>Publish</button>
    </Form>
  );
}
