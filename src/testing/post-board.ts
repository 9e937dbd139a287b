import { ApiError } from './api-error.ts';
import type { Bot } from './bot.ts';
import { wireDate } from './wire-date.ts';

/** A post. */
export interface Post {
  readonly id: number;
  readonly author: Bot;
  readonly text: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The posts, and the listeners for new posts. */
export class PostBoard {
  readonly #posts = new Map<number, Post>();
  readonly #listeners = new Set<(post: Post) => void>();
  #lastId = 0;

  /** How many listeners there are. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Returns the posts, the newest first. */
  list(): readonly Post[] {
    return [...this.#posts.values()].reverse();
  }

  /** Returns a post; throws error 703 if it does not exist. */
  get(id: number): Post {
    const post = this.#posts.get(id);
    if (!post) throw new ApiError(703, { params: [id] });
    return post;
  }

  /** Adds a post and calls the listeners. */
  add(author: Bot, text: string, now: number): Post {
    const post = { id: (this.#lastId += 1), author, text, createdAt: now, updatedAt: now };
    this.#posts.set(post.id, post);
    for (const listener of [...this.#listeners]) listener(post);
    return post;
  }

  /** Replaces the text of a post; throws error 730 if the bot is not its author. */
  edit(id: number, author: Bot, text: string, now: number): Post {
    const post = { ...this.#own(id, author), text, updatedAt: now };
    this.#posts.set(id, post);
    return post;
  }

  /** Removes a post; throws error 730 if the bot is not its author. */
  remove(id: number, author: Bot): Post {
    const post = this.#own(id, author);
    this.#posts.delete(id);
    return post;
  }

  /** Calls a listener with every new post; returns a function that stops it. */
  listen(listener: (post: Post) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #own(id: number, author: Bot): Post {
    const post = this.get(id);
    if (post.author.id !== author.id) throw new ApiError(730);
    return post;
  }
}

/** Formats a post as a resource of the API. */
export function postResource(post: Post) {
  const { id, author, text, createdAt, updatedAt } = post;
  return {
    id,
    type: 'post',
    attributes: {
      text,
      author: { id: author.number, username: author.id, display_name: author.displayName },
      created_at: wireDate(createdAt),
      updated_at: wireDate(updatedAt),
    },
  };
}
