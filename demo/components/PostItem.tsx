import type { Post } from '../bonfire-data.ts';
import { Avatar } from './Avatar.tsx';

const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

interface PostItemProps {
  readonly post: Post;
  /** `null` for another user's post. */
  readonly onDelete: (() => void) | null;
}

/** One post. */
export function PostItem({ post, onDelete }: PostItemProps) {
  const { author, text, created_at: createdAt } = post.attributes;
  return (
    <li className="card post">
      <Avatar username={author.username} name={author.display_name} />
      <div className="post__body">
        <div className="post__head">
          <strong>{author.display_name}</strong>
          <time dateTime={createdAt} className="muted">
            {TIME.format(new Date(createdAt))}
          </time>
          {onDelete ? (
            <button type="button" className="button button--quiet" onClick={onDelete} aria-label={`Delete your post: ${text.slice(0, 40)}`}>
              Delete
            </button>
          ) : null}
        </div>
        <p className="post__text">{text}</p>
      </div>
    </li>
  );
}
