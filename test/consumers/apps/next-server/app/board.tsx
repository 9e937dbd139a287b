import { authedFetch } from '../sessions';
import { publish } from './actions';

/** Reads the API in two server components at the same time, and posts by a server action. */
export function Board({ session }: { session: string }) {
  return (
    <form action={publish.bind(null, session)}>
      <p><UserName /> reads <PostCount /> posts</p>
      <input name="text" aria-label="Text" />
      <button>Publish</button>
    </form>
  );
}

async function UserName() {
  const answer = await authedFetch('/users/me');
  const { data } = (await answer.json()) as { data: { attributes: { display_name: string } } };
  return data.attributes.display_name;
}

async function PostCount() {
  const answer = await authedFetch('/posts');
  return ((await answer.json()) as { data: unknown[] }).data.length;
}
