import { Form } from 'react-router';
import { load } from '../load.server';
import type { Route } from './+types/own-posts';

export const loader = async ({ request }: Route.LoaderArgs) => (await load<unknown[]>(request, '/users/me/posts')).length;

export async function action({ request }: Route.ActionArgs) {
  const text = String((await request.formData()).get('text'));
  await load(request, '/users/me/posts', { method: 'POST', body: JSON.stringify({ text }), headers: { 'content-type': 'application/json' } });
  return null;
}

export default function OwnPosts({ loaderData }: Route.ComponentProps) {
  return (
    <Form method="post">
      <p>{`${loaderData} of them by you`}</p>
      <input name="text" aria-label="Text" defaultValue="Bring wood." />
      <button>Publish</button>
    </Form>
  );
}
