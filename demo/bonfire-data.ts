/** The signed-in user. */
export interface User {
  readonly id: number;
  readonly attributes: { readonly username: string; readonly display_name: string };
}

/** A post of the feed. */
export interface Post {
  readonly id: number;
  readonly attributes: {
    readonly text: string;
    readonly author: { readonly id: number; readonly username: string; readonly display_name: string };
    readonly created_at: string;
  };
}
