import type { WebApplication, WebSite } from '../../../service-model/application-host/application-host.ts'
import { mapPath } from '../../../service-model/application-host/find-site.ts'
import { urlPath } from '../../../service-model/application-host/url-path.ts'
import type { RequestFacts } from '../../contract/web-request.ts'
import type { HeaderList } from '../rewrite/looking.ts'
import type { RewriteRequest } from '../rewrite/variables.ts'
import { valueOf } from './request-filtering.ts'
import { kindIn, type LookUp } from './site-files.ts'

export interface Spoken {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly facts: RequestFacts
  /** True: a page of the site in the place of an answer. */
  readonly isPage?: boolean | undefined
}

/** Variables that rewrite rules and handlers can read of a request (I-51). */
export function rewriteRequestOf(
  { method, url, headers, facts }: Spoken,
  { site, lookUp }: { readonly site: WebSite; readonly lookUp: LookUp },
): RewriteRequest {
  const header = (name: string) => valueOf(headers, name)
  const application = () => mapPath(site, urlPath(url) ?? '/')?.application
  const physicalPath = (path: string) => lookUp(path)?.realPath ?? ''
  return {
    method,
    url,
    header,
    variable: (name) =>
      Object.hasOwn(variables, name) ? variables[name]?.({ facts, site, application, header }) : undefined,
    physicalPath,
    isFile: (path) => kindIn(site, path.replaceAll('\\', '/')) === 'file',
    isDirectory: (path) => kindIn(site, path.replaceAll('\\', '/')) === 'directory',
  }
}

interface Sources {
  readonly facts: RequestFacts
  readonly site: WebSite
  readonly application: () => WebApplication | undefined
  readonly header: (name: string) => string | undefined
}

const rootOf = (application: WebApplication | undefined) =>
  application?.directories.find(({ path }) => path === '/')?.physicalPath ?? ''

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
  APPL_MD_PATH: ({ site, application }) => {
    const { path = '/' } = application() ?? {}
    return `/LM/W3SVC/${site.id}/ROOT${path === '/' ? '' : path}`
  },
  DOCUMENT_ROOT: ({ site }) => rootOf(site.applications.find(({ path }) => path === '/')),
  APPL_PHYSICAL_PATH: ({ application }) => rootOf(application()).replace(/[^/]$/, '$&/'),
}
