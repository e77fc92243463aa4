import { join } from 'node:path'
import type { HandlerRequest } from '../../handler.ts'
import { splitQuery } from '../../rewrite/url.ts'
import { wantsFile } from '../../route/find-mapping.ts'
import { fieldValue, textBytes, utf8Bytes } from '../http/fields.ts'

/** As IIS of the last guest systems names itself; programs look for the name. */
const software = 'Microsoft-IIS/8.5'

/**
 * Fields that never become variables: `Proxy` would be HTTP_PROXY, which programs use as their proxy for outgoing requests, and fields of a rewrite
 * that only the server may set.
 */
const neverVariables: ReadonlySet<string> = new Set(['proxy', 'x-original-url', 'x-rewrite-url'])

/**
 * The variables of a request for a program of CGI, as IIS sets them (RFC 3875, 4.1; I-32, I-45, I-51); a character of a value is a byte. What the client
 * has sent has come so from Node; decoded paths are text, whose bytes are those of UTF-8. `length`: of the body, in bytes.
 */
export function variablesFor(request: HandlerRequest, length: number | undefined): ReadonlyMap<string, string> {
  const type = request.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  const found = {
    ...fieldVariables(request),
    ...place(request),
    ...connection(request),
    GATEWAY_INTERFACE: 'CGI/1.1',
    SERVER_SOFTWARE: software,
    REQUEST_METHOD: request.method,
    REDIRECT_STATUS: '200',
    CONTENT_TYPE: type === undefined ? undefined : fieldValue(type),
    CONTENT_LENGTH: length === undefined ? undefined : String(length),
  }
  return new Map(
    Object.entries(found).flatMap(([name, value]) => (value === undefined ? [] : [[name, value.replaceAll('\0', '')]])),
  )
}

/** Where the request leads. */
function place({ url, originalUrl, application, mapping, scriptPath, scriptName, pathInfo, facts }: HandlerRequest) {
  const site = `/LM/W3SVC/${facts.site}`
  // IIS says it of every script; a program of all paths, which has none of its own, goes by it (wfastcgi).
  const info = mapping.path === '*' && !wantsFile(mapping) ? scriptName : pathInfo
  const isRewritten = url !== originalUrl
  const original = fieldValue(originalUrl)
  return {
    SCRIPT_NAME: utf8Bytes(scriptName),
    SCRIPT_FILENAME: utf8Bytes(scriptPath),
    URL: utf8Bytes(scriptName),
    REQUEST_URI: original,
    UNENCODED_URL: original,
    HTTP_X_ORIGINAL_URL: isRewritten ? original : undefined,
    IIS_WasUrlRewritten: isRewritten ? '1' : undefined,
    QUERY_STRING: textBytes(splitQuery(url)[1]),
    PATH_INFO: info === '' ? undefined : utf8Bytes(info),
    PATH_TRANSLATED: info === '' ? undefined : utf8Bytes(join(application.physicalPath, info)),
    DOCUMENT_ROOT: utf8Bytes(application.physicalPath),
    APPL_PHYSICAL_PATH: utf8Bytes(join(application.physicalPath, '/')),
    APPL_MD_PATH: utf8Bytes(`${site}/ROOT${application.path === '/' ? '' : application.path}`),
    INSTANCE_ID: String(facts.site),
    INSTANCE_META_PATH: site,
  }
}

/** The two ends of the connection. Values set by rules have priority. */
function connection({ facts, headers, serverVariable }: HandlerRequest) {
  const { remote, local, isSecure, protocol } = facts
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? ''
  const own = {
    SERVER_NAME: host.replace(/:\d+$/, '') || local.address,
    SERVER_PORT: String(local.port),
    SERVER_PORT_SECURE: isSecure ? '1' : '0',
    SERVER_PROTOCOL: protocol,
    HTTPS: isSecure ? 'on' : 'off',
    LOCAL_ADDR: local.address,
    REMOTE_ADDR: remote.address,
    REMOTE_HOST: remote.address,
    REMOTE_PORT: String(remote.port),
    REMOTE_USER: '',
    AUTH_TYPE: '',
  }
  return Object.fromEntries(
    Object.entries(own).map(([name, value]) => [name, textBytes(serverVariable(name) || value)]),
  )
}

/** HTTP_<field>. One whose name has another sign than a hyphen would come under the name of another, and does not come. */
function fieldVariables({ headers }: HandlerRequest): Readonly<Record<string, string>> {
  const found = new Map<string, string>()
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (!/^[a-z0-9-]+$/.test(lower) || neverVariables.has(lower)) continue
    const variable = `HTTP_${lower.toUpperCase().replaceAll('-', '_')}`
    const before = found.get(variable)
    found.set(variable, before === undefined ? value : `${before}${lower === 'cookie' ? '; ' : ', '}${value}`)
  }
  return Object.fromEntries([...found].map(([name, value]) => [name, fieldValue(value)]))
}
