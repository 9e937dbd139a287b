/** A bot's initial in its colour. */
export function Avatar({ username, name }: { readonly username: string; readonly name: string }) {
  return (
    <span className="avatar" data-bot={username} aria-hidden="true">
      {name.slice(0, 1)}
    </span>
  );
}
