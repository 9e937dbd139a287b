import { HAS_PLACES, PLACE, type TokenPlace } from '../environment.ts';

const PLACES: Readonly<Record<TokenPlace, { readonly label: string; readonly text: string }>> = {
  page: { label: 'Page', text: 'Both tokens are in IndexedDB. Each script of this page can read them.' },
  cookie: { label: 'Cookie', text: 'The refresh token is in an HttpOnly cookie. The browser sends it, and no script can read it.' },
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
            <a key={place} href={`?tokens=${place}`} aria-current={place === PLACE ? 'page' : undefined}>
              {PLACES[place].label}
            </a>
          ))}
        </div>
      </nav>
      <p className="muted">{PLACES[PLACE].text}</p>
    </div>
  );
}
