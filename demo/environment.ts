/** Where an API and its controls are. The address of the controls is empty if it has none. */
export interface DemoApi {
  readonly url: string;
  readonly controlUrl: string;
}

/** The place of the tokens: the page, the page with the refresh token in an HttpOnly cookie, or a server. */
export type TokenPlace = 'page' | 'cookie' | 'server';

/** The APIs of the demo: one for each place, because a server has to support the place, too. */
export interface DemoApis {
  readonly page: DemoApi;
  /** `null` if the API is not the embedded one. */
  readonly cookie: DemoApi | null;
  /** `null` unless the demo runs with `--server`. */
  readonly server: DemoApi | null;
}

// Set by the server of this page.
const { VITE_APIS: APIS, VITE_APP_KEY } = import.meta.env;
export const APP_KEY = VITE_APP_KEY;

/** Whether a visitor can choose the place. */
export const HAS_PLACES = APIS.cookie !== null;

/** Whether there is a server that can keep the tokens. */
export const HAS_SERVER = APIS.server !== null;

const named = new URLSearchParams(location.search).get('tokens');

/** The place that the address names, such as `?tokens=cookie`. */
export const PLACE: TokenPlace = (named === 'cookie' || named === 'server') && APIS[named] !== null ? named : 'page';

export const { url: API_URL, controlUrl: CONTROL_URL } = APIS[PLACE] ?? APIS.page;

/** The bots that can sign in. */
export const BOTS = [
  { id: 'ember', name: 'Ember', about: 'Keeps the fire going' },
  { id: 'cinder', name: 'Cinder', about: 'Cooks in the coals' },
  { id: 'spark', name: 'Spark', about: 'Brings wood and songs' },
] as const;
