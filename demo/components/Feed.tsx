import { useRef } from 'react';
import { useMe, usePosts, useRemovePost } from '../use-bonfire.ts';
import { problemWords } from '../words.ts';
import { Button } from './Button.tsx';
import { PostItem } from './PostItem.tsx';

/** The posts, the newest first. */
export function Feed() {
  const { data: me } = useMe();
  const { data: posts, error, isFetching, refetch } = usePosts();
  const remove = useRemovePost();
  const heading = useRef<HTMLHeadingElement>(null);
  const problem = error ?? remove.error;
  // The button that was pressed is gone with its post.
  const removePost = (id: number) => remove.mutate(id, { onSuccess: () => heading.current?.focus({ preventScroll: true }) });
  return (
    <section aria-labelledby="feed">
      <div className="row">
        <h1 id="feed" ref={heading} tabIndex={-1} className="section-title">
          By the fire
        </h1>
        <Button onClick={() => void refetch()}>Reload the feed</Button>
      </div>
      <p className="problem" role="alert">
        {problem ? problemWords(problem) : ''}
      </p>
      {posts ? null : <p className="placeholder">{error ? 'No posts to show.' : 'Fetching posts…'}</p>}
      <ul className="feed" aria-busy={isFetching}>
        {posts?.map((post) => (
          <PostItem
            key={post.id}
            post={post}
            onDelete={post.attributes.author.username === me?.attributes.username ? () => removePost(post.id) : null}
          />
        ))}
      </ul>
    </section>
  );
}
