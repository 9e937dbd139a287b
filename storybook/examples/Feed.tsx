import { useState } from 'react';
import { useAuthedFetch } from 'unexpired';

interface Post {
  readonly id: number;
  readonly attributes: { readonly text: string };
}

export function Feed() {
  const authedFetch = useAuthedFetch();
  const [posts, setPosts] = useState<readonly Post[]>([]);

  async function publish() {
    await authedFetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text: 'The fire is lit.' }) });
    const response = await authedFetch('/posts');
    setPosts(((await response.json()) as { data: Post[] }).data);
  }

  return (
    <>
      <button onClick={() => void publish()}>Publish</button>
      <ul>{posts.map(({ id, attributes }) => <li key={id}>{attributes.text}</li>)}</ul>
    </>
  );
}
