import { viaServer } from 'unexpired/via-server';

export const protocol = viaServer();
