import { createAuthClient } from 'unexpired/core';
import { bonfire } from 'unexpired/bonfire';

export const auth = createAuthClient({ protocol: bonfire({ baseUrl: '/v1', appKey: 'app-key' }) });
