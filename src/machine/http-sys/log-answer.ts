import type { WebSite } from '../../service-model/application-host/application-host.ts'
import type { WebLog } from './logs/web-log.ts'
import type { Routed, SiteAnswer } from './routed.ts'

/** Writes the line of a request that its site has answered. */
export function logAnswer(webLog: WebLog, routed: Routed, site: WebSite, answer: SiteAnswer): void {
  const { exchange, path, target, loggedUrl = target } = { ...routed, ...answer }
  const mark = loggedUrl.indexOf('?')
  const [logged, query] = mark < 0 ? [loggedUrl] : [loggedUrl.slice(0, mark), loggedUrl.slice(mark + 1)]
  const at = Date.now()
  webLog.add({
    ...answer,
    at,
    takenMs: at - exchange.begunAt,
    site,
    local: routed.local,
    client: routed.client,
    head: exchange.head,
    protocol: exchange.protocol,
    host: routed.host,
    path: answer.loggedUrl === undefined ? path : logged,
    query,
    userName: answer.userName,
  })
}
