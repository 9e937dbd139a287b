import { index, layout, route, type RouteConfig } from '@react-router/dev/routes';

export default [
  layout('routes/camp.tsx', [layout('routes/posts.tsx', [index('routes/own-posts.tsx')])]),
  route('sign-in', 'routes/sign-in.tsx'),
  route('auth/*', 'routes/auth.ts'),
  route('api/*', 'routes/api.ts'),
] satisfies RouteConfig;
