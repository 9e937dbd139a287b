import { useMe, usePosts, useRemovePost } from '../use-bonfire.ts';
import { problemWords } from '../words.ts';
import { PostItem } from './PostItem.tsx';

/** The posts, the newest first. */
export function Feed() {
  const { data: me } = useMe();
  const { data: posts, error, isFetching, refetch } = usePosts();
  const remove = useRemovePost();
  const problem = error ?? remove.error;
  return (
    <section aria-labelledby="feed">
      <div className="row">
        <h1 id="feed" className="section-title">
          By the fire
        </h1>
        <button type="button" className="button" onClick={() => void refetch()} aria-disabled={isFetching}>
          Reload the feed
        </button>
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
            onDelete={post.attributes.author.username === me?.attributes.username ? () => remove.mutate(post.id) : null}
          />
        ))}
      </ul>
    </section>
  );
}
