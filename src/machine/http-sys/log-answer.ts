import type { WebSite } from '../../service-model/application-host/application-host.ts'
import type { WebLog } from './logs/web-log.ts'
import type { Routed, SiteAnswer } from './pass-on.ts'

/** Writes the line of a request that its site has answered. */
export function logAnswer(webLog: WebLog, routed: Routed, site: WebSite, answer: SiteAnswer): void {
  const { exchange, path, target, loggedUrl = target } = { ...routed, ...answer }
  const [logged = '', query] = loggedUrl.split(/\?(.*)/s)
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
