/** Where an API and its controls are. The address of the controls is empty if it has none. */
export interface DemoApi {
  readonly url: string;
  readonly controlUrl: string;
}

/** The place of the refresh token: the page, or an HttpOnly cookie. */
export type TokenPlace = 'page' | 'cookie';

/** The APIs of the demo: one for each place, because a server has to support the place, too. */
export interface DemoApis {
  readonly page: DemoApi;
  /** `null` if the API is not the embedded one. */
  readonly cookie: DemoApi | null;
}

// Set by the server of this page.
const { VITE_APIS: APIS, VITE_APP_KEY } = import.meta.env;
export const APP_KEY = VITE_APP_KEY;

/** Whether a visitor can choose the place. */
export const HAS_PLACES = APIS.cookie !== null;

/** The place that the address names, such as `?tokens=cookie`. */
export const PLACE: TokenPlace = HAS_PLACES && new URLSearchParams(location.search).get('tokens') === 'cookie' ? 'cookie' : 'page';

export const { url: API_URL, controlUrl: CONTROL_URL } = (PLACE === 'cookie' && APIS.cookie) || APIS.page;

/** The bots that can sign in. */
export const BOTS = [
  { id: 'ember', name: 'Ember', about: 'Keeps the fire going' },
  { id: 'cinder', name: 'Cinder', about: 'Cooks in the coals' },
  { id: 'spark', name: 'Spark', about: 'Brings wood and songs' },
] as const;
