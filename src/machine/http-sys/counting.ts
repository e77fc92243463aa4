import { noCounts, type SiteCounts } from '../../guest/contract/web-counts.ts'
import type { SiteAnswer } from './routed.ts'

/** Counts the answers of sites. */
export interface Counting {
  readonly add: (site: string, method: string, answer: SiteAnswer) => void
  /** Of these sites, by their names, since it began. */
  readonly of: (names: readonly string[]) => ReadonlyMap<string, SiteCounts>
}

export function countingOf(): Counting {
  const sites = new Map<string, SiteCounts>()
  return {
    add(site, method, { received, sent, status, isManaged = false }) {
      const before = sites.get(site) ?? noCounts
      sites.set(site, {
        receivedBytes: before.receivedBytes + received,
        sentBytes: before.sentBytes + sent,
        requests: before.requests + 1,
        gets: before.gets + Number(method === 'GET'),
        posts: before.posts + Number(method === 'POST'),
        notFound: before.notFound + Number(status === 404),
        managed: before.managed + Number(isManaged),
        managedErrors: before.managedErrors + Number(isManaged && status >= 500),
      })
    },
    of: (names) => new Map(names.map((name) => [name, sites.get(name) ?? noCounts])),
  }
}
