import { useRef } from 'react';
import { useMe, usePosts, useRemovePost } from '../use-bonfire.ts';
import { useSlow } from '../use-slow.ts';
import { problemWords } from '../words.ts';
import { Button } from './Button.tsx';
import { PostItem } from './PostItem.tsx';
import { RefreshNotice } from './RefreshNotice.tsx';

/** The posts, newest first, and why they are late if they are. */
export function Feed() {
  const { data: me } = useMe();
  const { data: posts, error, isFetching, isPaused, refetch } = usePosts();
  const remove = useRemovePost();
  const heading = useRef<HTMLHeadingElement>(null);
  const slow = useSlow(isFetching || remove.isPending);
  const problem = error ?? remove.error;
  // The pressed button disappears with its post.
  const removePost = (id: number) => remove.mutate(id, { onSuccess: () => heading.current?.focus({ preventScroll: true }) });
  return (
    <section aria-labelledby="feed">
      <div className="row">
        <h2 id="feed" ref={heading} tabIndex={-1} className="section-title">
          Feed
        </h2>
        <span className="feed__state" role="status">
          {isPaused ? 'Offline' : slow ? (remove.isPending ? 'Deleting…' : 'Loading…') : ''}
        </span>
        <Button busy={isFetching} onClick={() => void refetch()}>
          Reload
        </Button>
      </div>
      <RefreshNotice />
      <p className="problem" role="alert">
        {problem ? problemWords(problem) : ''}
      </p>
      {posts ? null : <p className="placeholder">{error ? 'No posts to show.' : 'Loading posts…'}</p>}
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
