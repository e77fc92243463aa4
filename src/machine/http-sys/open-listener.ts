import {
  certificatesDirectory,
  diagnosticStore,
  listenerLogDirectory,
  type Owner,
  realPath,
} from '../../guest/contract/guest-paths.ts'
import type { GuestSettings } from '../../guest/contract/guest-settings.ts'
import { readCertificate } from '../guest-os/read-certificate.ts'
import { type HttpSys, openHttpSys } from './http-sys.ts'
import { isBalancer } from './is-balancer.ts'
import { httpSysLimits } from './limits.ts'
import { openErrorLog } from './logs/error-log.ts'
import { roomIn } from './logs/log-room.ts'
import { openWebLog } from './logs/web-log.ts'

export interface ListenerPlace {
  readonly settings: GuestSettings
  readonly owner: Owner
  readonly instance: string
  readonly localResources: readonly { readonly name: string; readonly sizeInMB: number }[]
  /** A request waits for a process of this pool. */
  readonly wanted: (pool: string) => void
}

const megabyte = 1024 * 1024

/** The listener of a guest, with its web log, HTTPERR and certificates where the guest has them; it does not listen yet. `flush` writes what the logs still hold. */
export async function openListener({
  settings,
  owner,
  instance,
  localResources,
  wanted,
}: ListenerPlace): Promise<{ readonly httpSys: HttpSys; readonly flush: () => void }> {
  const real = (logical: string) => realPath(settings.root, logical) as string
  const store = localResources.find(({ name }) => name === 'DiagnosticStore')
  const room = await roomIn(real(diagnosticStore(owner)), (store?.sizeInMB ?? 0) * megabyte)
  const webLog = openWebLog(instance, room)
  const errorLog = openErrorLog(real(listenerLogDirectory))
  const httpSys = openHttpSys({
    limits: httpSysLimits,
    isBalancer: (socket) => isBalancer(socket, settings),
    findCertificate: (thumbprint) => readCertificate(real(certificatesDirectory), thumbprint),
    webLog,
    errorLog,
    wanted,
  })
  return {
    httpSys,
    flush() {
      for (const log of [webLog, errorLog]) log.flush()
    },
  }
}
