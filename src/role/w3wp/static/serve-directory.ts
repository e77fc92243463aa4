import { movedPage } from '../answer/html.ts'
import type { HandlerAnswer, HandlerRequest } from '../handler.ts'
import { notAllowed, page, refusal } from './answers.ts'
import { listing } from './listing.ts'

/** A directory without a default document: to its slash, then its listing, where `directoryBrowse` wants one, or 403.14 (I-61). */
export async function serveDirectory(request: HandlerRequest): Promise<HandlerAnswer> {
  const { method, url, scriptName, scriptPath, mapping } = request
  if (method !== 'GET' && method !== 'HEAD') return notAllowed(method)
  const { path, query } = splitUrl(url)
  if (!path.endsWith('/')) return redirect(`${fromRoot(path)}/${query}`, method)
  const { enabled, showFlags } = request.section('directoryBrowse')
  if (!enabled || !/\bDirectoryListingModule\b/i.test(mapping.modules))
    return refusal(
      [403, 14],
      `${scriptName} is a directory without a default document; directoryBrowse does not list it.`,
    )
  const host = request.serverVariable('SERVER_NAME')
  const shown = `/${scriptName}/`.replace(/^\/+/, '/').replace(/\/+$/, '/')
  return page(200, await listing({ directory: scriptPath, path: shown, host, showFlags }), method)
}

function splitUrl(url: string) {
  const mark = url.indexOf('?')
  return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark) }
}

/** Two slashes or a backslash at the beginning would lead to another host. */
const fromRoot = (path: string) => path.replaceAll('\\', '%5C').replace(/^\/+/, '/')

function redirect(location: string, method: string): HandlerAnswer {
  return page(301, movedPage(location), method, [['Location', location]])
}
