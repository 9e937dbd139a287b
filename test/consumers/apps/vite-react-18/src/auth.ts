import { createAuthClient } from 'unexpired';
import { bonfire } from 'unexpired/bonfire';

export const protocol = bonfire({ baseUrl: import.meta.env.VITE_API, appKey: 'app-key' });

export const auth = createAuthClient({ protocol });
