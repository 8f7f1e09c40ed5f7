import { pathOf } from '../serve/own-address.js';
import type { OwnRoute } from '../serve/own-routes.js';
import { OWN_PATH } from '../serve/page-protocol.js';
import { OPEN_METRICS_TYPE } from './open-metrics.js';

/** Where Prometheus and the like find the figures. */
export const METRICS_PATH = `${OWN_PATH}/metrics`;

/** The route of the figures; `text` is called for each request. */
export function metricsRoute(text: () => string): OwnRoute {
  return (request, response) => {
    if (pathOf(request.url) !== METRICS_PATH) return false;
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return true;
    }
    const body = Buffer.from(text());
    response.writeHead(200, {
      'content-type': OPEN_METRICS_TYPE,
      'content-length': body.length,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
    });
    response.end(body);
    return true;
  };
}
