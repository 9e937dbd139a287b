import { Hono } from 'hono';
import { ApiError } from './api-error.ts';
import type { Backend, RouteEnv, Router } from './backend.ts';
import { ENDPOINTS, pathOf } from './endpoint.ts';
import { addOAuthRoutes } from './oauth-routes.ts';
import { addPostRoutes } from './post-routes.ts';
import { addStreamRoute } from './stream-route.ts';
import { addUserRoutes } from './user-routes.ts';

/** Creates the routes of the API. A route that throws an `ApiError` answers with it, and the code goes to the log. */
export function createRouter(backend: Backend): Router {
  const router: Router = new Hono<RouteEnv>().basePath(backend.fixture.basePath || '/');
  addOAuthRoutes(router, backend);
  addUserRoutes(router, backend);
  addStreamRoute(router, backend);
  addPostRoutes(router, backend);
  refuseTheRest(router);
  router.onError((error, context) => {
    if (!(error instanceof ApiError)) throw error;
    context.env.call.errorCode = error.code;
    return error.toResponse();
  });
  return router;
}

function refuseTheRest(router: Router): void {
  for (const endpoint of ENDPOINTS) {
    if (endpoint === 'unknown') continue;
    router.all(pathOf(endpoint), () => {
      throw new ApiError(900);
    });
  }
  router.notFound(() => {
    throw new ApiError(700);
  });
}
