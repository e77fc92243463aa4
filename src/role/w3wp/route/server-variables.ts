import type { WebSite } from '../../../service-model/application-host/application-host.ts'
import type { RequestFacts } from '../../contract/web-request.ts'
import type { HeaderList } from '../rewrite/looking.ts'
import type { RewriteRequest } from '../rewrite/variables.ts'
import { valueOf } from './request-filtering.ts'
import { kindAt, type LookUp } from './site-files.ts'

export interface Spoken {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly facts: RequestFacts
}

/** What rewrite rules and handlers can ask of a request (I-51). */
export function rewriteRequestOf(
  { method, url, headers, facts }: Spoken,
  { site, lookUp }: { readonly site: WebSite; readonly lookUp: LookUp },
): RewriteRequest {
  const header = (name: string) => valueOf(headers, name)
  const physicalPath = (path: string) => lookUp(path)?.realPath ?? ''
  return {
    method,
    url,
    header,
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name]?.({ facts, site, header }) : undefined),
    physicalPath,
    isFile: (path) => kindAt(path.replaceAll('\\', '/')) === 'file',
    isDirectory: (path) => kindAt(path.replaceAll('\\', '/')) === 'directory',
  }
}

interface Sources {
  readonly facts: RequestFacts
  readonly site: WebSite
  readonly header: (name: string) => string | undefined
}

const rootOf = ({ site }: Sources) =>
  site.applications.find(({ path }) => path === '/')?.directories.find(({ path }) => path === '/')?.physicalPath ?? ''

const variables: Readonly<Record<string, (sources: Sources) => string>> = {
  HTTPS: ({ facts }) => (facts.isSecure ? 'on' : 'off'),
  SERVER_PORT_SECURE: ({ facts }) => (facts.isSecure ? '1' : '0'),
  SERVER_PORT: ({ facts }) => `${facts.local.port}`,
  SERVER_PROTOCOL: ({ facts }) => facts.protocol,
  SERVER_NAME: ({ header }) => (header('host') ?? '').replace(/:\d+$/, ''),
  SERVER_SOFTWARE: () => 'Microsoft-IIS/8.0',
  GATEWAY_INTERFACE: () => 'CGI/1.1',
  REMOTE_ADDR: ({ facts }) => facts.remote.address,
  REMOTE_HOST: ({ facts }) => facts.remote.address,
  REMOTE_PORT: ({ facts }) => `${facts.remote.port}`,
  LOCAL_ADDR: ({ facts }) => facts.local.address,
  CONTENT_TYPE: ({ header }) => header('content-type') ?? '',
  CONTENT_LENGTH: ({ header }) => header('content-length') ?? '',
  INSTANCE_ID: ({ site }) => `${site.id}`,
  INSTANCE_META_PATH: ({ site }) => `/LM/W3SVC/${site.id}`,
  APPL_MD_PATH: ({ site }) => `/LM/W3SVC/${site.id}/ROOT`,
  DOCUMENT_ROOT: rootOf,
  APPL_PHYSICAL_PATH: rootOf,
}
