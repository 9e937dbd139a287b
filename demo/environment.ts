/** Set by the server of this page: the API's address and key, and the address of its controls (empty if it has none). */
export const API_URL = import.meta.env.VITE_API_URL;
export const APP_KEY = import.meta.env.VITE_APP_KEY;
export const CONTROL_URL = import.meta.env.VITE_CONTROL_URL;

/** The bots that can sign in. */
export const BOTS = [
  { id: 'ember', name: 'Ember', about: 'Keeps the fire going' },
  { id: 'cinder', name: 'Cinder', about: 'Cooks in the coals' },
  { id: 'spark', name: 'Spark', about: 'Brings wood and songs' },
] as const;
