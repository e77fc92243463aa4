import type { AskedRequest } from './asked-request.ts'
import type { Configuration } from './configuration/configuration.ts'
import type { HandlerRequest } from './handler.ts'
import type { HeaderList } from './rewrite/looking.ts'
import { urlText } from './rewrite/url.ts'
import { variableOf } from './rewrite/variables.ts'
import { progressOf, type Routed, type Routing, type ToHandler } from './route/route-request.ts'

/** A routed request as its handler is given it. */
export function handlerRequest(
  routing: Routing,
  asked: AskedRequest,
  { configuration, progress = progressOf(asked, routing), headers: set }: Routed,
  { mapped, at, query }: ToHandler,
): HandlerRequest {
  const { section, appSettings } = configuration as Configuration
  const path = urlText(`${mapped.scriptName}${mapped.pathInfo}`)
  return {
    method: asked.method,
    url: query ? `${path}?${query}` : path,
    originalUrl: asked.url,
    headers: withSet(asked.headers, set),
    body: asked.body,
    facts: asked.facts,
    siteName: routing.site.name,
    application: {
      path: at.application.path,
      physicalPath: at.application.directories.find((one) => one.path === '/')?.physicalPath ?? at.root,
      directories: at.application.directories
        .filter((one) => one.path !== '/')
        .map((one) => [`${at.application.path.replace(/\/$/, '')}${one.path}`, one.physicalPath]),
    },
    root: at.root,
    mapping: mapped.mapping,
    scriptPath: at.realPath,
    scriptName: mapped.scriptName,
    pathInfo: mapped.pathInfo,
    section,
    appSettings,
    serverVariable: (name) => variableOf(progress, name),
    signal: asked.signal,
  }
}

function withSet(headers: HeaderList, set: ReadonlyMap<string, string> | undefined): HeaderList {
  if (!set || set.size === 0) return headers
  const kept = headers.filter(([name]) => !set.has(name.toLowerCase()))
  return [...kept, ...[...set].filter(([, value]) => value !== '')]
}
