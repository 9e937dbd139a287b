import axios from 'axios';
import { auth } from './auth';

export const api = axios.create({ baseURL: 'https://api.example.com', adapter: 'fetch', env: { fetch: auth.fetch } });
