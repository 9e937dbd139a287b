import { HAS_PLACES, HAS_SERVER, PLACE, type TokenPlace } from '../environment.ts';

const PLACES: Readonly<Record<TokenPlace, { readonly label: string; readonly text: string }>> = {
  page: { label: 'Page', text: 'Both tokens are in IndexedDB. Each script of this page can read them.' },
  cookie: { label: 'Cookie', text: 'The refresh token is in an HttpOnly cookie. The browser sends it, and no script can read it.' },
  server: { label: 'Server', text: 'Both tokens are on the server. The page has an HttpOnly cookie with a random id, and its calls go through the server.' },
};

/** Links to this page with the tokens in another place. Loading it starts another client. */
export function PlaceSwitch() {
  if (!HAS_PLACES) return null;
  return (
    <div className="place">
      <nav className="choice" aria-labelledby="place">
        <span id="place" className="choice__legend">
          Where tokens live
        </span>
        <div className="choice__options">
          {(Object.keys(PLACES) as TokenPlace[]).map((place) => (
            <PlaceLink key={place} place={place} />
          ))}
        </div>
      </nav>
      <p className="muted">{PLACES[PLACE].text}</p>
      {HAS_SERVER ? null : (
        <p className="muted" id="server-command">
          For “Server”, start the demo with <code>npm run demo -- --server</code>.
        </p>
      )}
    </div>
  );
}

function PlaceLink({ place }: { readonly place: TokenPlace }) {
  const { label } = PLACES[place];
  if (place === 'server' && !HAS_SERVER) {
    return (
      <a role="link" aria-disabled="true" aria-describedby="server-command" tabIndex={0}>
        {label}
      </a>
    );
  }
  return (
    <a href={`?tokens=${place}`} aria-current={place === PLACE ? 'page' : undefined}>
      {label}
    </a>
  );
}
