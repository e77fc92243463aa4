import { setTimeout as pause } from 'node:timers/promises'
import { machinePaths } from '../../fabric/contract/machines.ts'
import { joinLimitBytes } from '../../fabric/contract/read-machines.ts'
import { storeSilenceMs } from '../../kernel/election.ts'
import type { Log } from '../../kernel/log.ts'
import { etcdMembers } from '../cluster/etcd-members.ts'
import { type JsonRoute, serveJson } from '../http/serve-json.ts'
import { followTls, readTls, type TlsFiles } from '../http/tls.ts'
import { writeReadyFile } from '../ready-file.ts'
import { electedAs, type Master, standForMaster } from '../store/etcd/election.ts'
import { openGateway } from '../store/etcd/gateway.ts'
import { openEtcdStore } from '../store/etcd/open-etcd-store.ts'
import { guarded } from './guard.ts'
import type { Listens, Office } from './office.ts'
import { notMaster, withoutQuorum } from './refusals.ts'

/** A candidate, and the members of etcd by which it is elected. */
interface Candidate extends Master {
  readonly urls: readonly string[]
  readonly tls: TlsFiles
  /** A sentence while it must not be master. */
  readonly unfit: () => string | undefined
}

/** Longest that a master which resigns waits for answers under way, in milliseconds. Origin: choice; another is to serve within a second. */
const lastAnswersMs = 300

/**
 * The life of a candidate: it listens at once and names the master to all who ask, until it is elected. Then the store is opened, and the office its
 * own. `end` ends the process: the lease was lost, and another controller may be master. Rejects with a sentence when it cannot listen, or the store
 * cannot be opened.
 */
export async function electedOffice(
  { urls, tls, machine, url, unfit }: Candidate,
  listening: Listens,
  end: (reason: string) => never,
): Promise<Office> {
  const gateway = openGateway({ urls, tls: readTls(tls) })
  followTls(tls, gateway.renew)
  let master: Master | undefined
  let before: Master | undefined
  const standBy = async () =>
    gateway.silentMs() < storeSilenceMs ? notMaster(master) : withoutQuorum('Try again later.')
  let routes: readonly JsonRoute[] = [...listening.always, ...everyPath(standBy)]
  const server = await serveJson({
    ...listening,
    get routes() {
      return routes
    },
  })
  listening.listens?.(server)
  writeReadyFile(listening.readyFile, { port: server.port })
  const term = await standForMaster(
    gateway,
    { machine, url },
    (seen) => {
      if (seen?.url !== master?.url)
        listening.log.info(seen ? `stands by: master is ${seen.machine}` : 'stands by: no master')
      master = seen
      before = seen ?? before
      listening.standsBy?.(seen?.url)
    },
    sayingWhy(unfit, listening.log),
  )
  void term.over.then(end)
  const resignAtOnce = () => void term.resign().then(() => process.exit(0))
  process.once('SIGTERM', resignAtOnce)
  // Who cannot open it, such as an older program, leaves the office to others.
  const store = await openEtcdStore(gateway, undefined, electedAs({ machine, url })).catch((error: unknown) =>
    term.resign().then(() => Promise.reject(error)),
  )
  return {
    store,
    members: etcdMembers(gateway),
    because: before ? `the lease of ${before.machine} had ended, or was given up` : 'no other had the lease',
    async serve(own) {
      process.off('SIGTERM', resignAtOnce)
      const watch = { holds: term.holds, silentMs: gateway.silentMs }
      routes = [...listening.always, ...[whoIsMaster, ...own].map((route) => guarded(route, watch))]
      return server.port
    },
    close: () => Promise.race([server.close(), pause(lastAnswersMs)]),
    resign: term.resign,
  }
}

/** The same, and says it when that begins. */
function sayingWhy(unfit: () => string | undefined, log: Log): () => string | undefined {
  let was: string | undefined
  return () => {
    const why = unfit()
    if (why !== undefined && was === undefined) log.warn(why)
    was = why
    return why
  }
}

const whoIsMaster: JsonRoute = {
  method: 'GET',
  path: machinePaths.master,
  allows: () => true,
  handle: async () => undefined,
}

/** Also for machines that join, which have no certificate yet: they too are told where the master is. */
function everyPath(handle: JsonRoute['handle']): readonly JsonRoute[] {
  const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const
  const all = methods.map((method) => ({ method, path: '/', allows: () => true, forUnlisted: true as const, handle }))
  return [
    {
      method: 'POST',
      path: machinePaths.join,
      allows: () => true,
      forStrangers: true,
      bodyLimitBytes: joinLimitBytes,
      handle,
    },
    ...all,
  ]
}
