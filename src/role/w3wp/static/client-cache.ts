import type { Effective } from '../../../service-model/web-config/schema.ts'
import type { sections } from '../../../service-model/web-config/sections.ts'
import type { HeaderList } from '../rewrite/looking.ts'
import { sendable } from './answers.ts'

type ClientCache = Effective<(typeof sections)['staticContent']>['clientCache']

const msPerSecond = 1_000

/** What a client may store of a static file, and how long (I-61). */
export function clientCacheHeaders(cache: ClientCache): HeaderList {
  const said = [directiveOf(cache), cache.cacheControlCustom].filter((text) => text !== '').join(',')
  return [
    ...(said === '' ? [] : [['Cache-Control', sendable(said)] as const]),
    ...(cache.cacheControlMode === 'UseExpires' ? [['Expires', sendable(cache.httpExpires)] as const] : []),
  ]
}

function directiveOf({ cacheControlMode, cacheControlMaxAge }: ClientCache): string {
  if (cacheControlMode === 'DisableCache') return 'no-cache'
  return cacheControlMode === 'UseMaxAge' ? `max-age=${Math.floor(cacheControlMaxAge / msPerSecond)}` : ''
}
