import type { SectionSchema } from './schema.ts'
import { access, anonymousAuthentication, authorization } from './sections/access.ts'
import { httpErrors, httpProtocol, httpRedirect } from './sections/answers.ts'
import { defaultDocument, directoryBrowse, httpCompression, staticContent, urlCompression } from './sections/content.ts'
import { ipSecurity, requestFiltering } from './sections/filtering.ts'
import { aspNetCore, fastCgi, handlers, httpPlatform, iisnode, modules, webSocket } from './sections/handlers.ts'
import { traceFailedRequests } from './sections/tracing.ts'

/** The sections of system.webServer that are honoured (I-28), by their path below it. `rewrite` is read by its own reader. */
export const sections = {
  aspNetCore,
  defaultDocument,
  directoryBrowse,
  fastCgi,
  handlers,
  httpCompression,
  httpErrors,
  httpPlatform,
  httpProtocol,
  httpRedirect,
  iisnode,
  modules,
  'security/access': access,
  'security/authentication/anonymousAuthentication': anonymousAuthentication,
  'security/authorization': authorization,
  'security/ipSecurity': ipSecurity,
  'security/requestFiltering': requestFiltering,
  staticContent,
  'tracing/traceFailedRequests': traceFailedRequests,
  urlCompression,
  webSocket,
} as const satisfies Readonly<Record<string, SectionSchema>>

export type SectionName = keyof typeof sections

/** Sections that IIS knows and nothing here does: they are passed over with a warning. */
export const passedOverSections: ReadonlySet<string> = new Set([
  'applicationInitialization',
  'asp',
  'caching',
  'cgi',
  'globalModules',
  'isapiFilters',
  'management',
  'odbcLogging',
  'security/applicationDependencies',
  'security/authentication/basicAuthentication',
  'security/authentication/clientCertificateMappingAuthentication',
  'security/authentication/digestAuthentication',
  'security/authentication/iisClientCertificateMappingAuthentication',
  'security/authentication/windowsAuthentication',
  'security/dynamicIpSecurity',
  'security/isapiCgiRestriction',
  'serverRuntime',
  'serverSideInclude',
  'tracing/traceProviderDefinitions',
  'validation',
  'webdav',
])

/** Elements of system.webServer that hold sections of their own, by their path below it. */
export const groups: ReadonlySet<string> = new Set(['security', 'security/authentication', 'tracing'])
